<?php

/**
 * What came out of a PHPUnit run: php junit.php FILE prints "PASSED FAILED SKIPPED", then a line per skipped test.
 * PHPUnit's own log has no reasons for skips; they are looked up in the text beside it (FILE with .log for .xml).
 */

declare(strict_types=1);

$document = is_file($argv[1]) ? simplexml_load_file($argv[1]) : false;
if ($document === false) {
	fwrite(STDERR, "no JUnit file, or a broken one\n");
	exit(1);
}
$text = (string) @file_get_contents((string) preg_replace('/\.xml$/', '.log', $argv[1]));
$passed = $failed = 0;
$skips = [];
foreach ($document->xpath('//testcase') ?: [] as $case) {
	if (isset($case->skipped)) {
		$name = $case['class'] . '::' . $case['name'];
		$isFound = preg_match('/^\d+\) ' . preg_quote($name, '/') . '(?: \(.*\))?\n(.+)$/m', $text, $found) === 1;
		$skips[] = $name . ': ' . ($isFound ? $found[1] : 'no reason given');
	} elseif (isset($case->failure) || isset($case->error) || isset($case->warning)) {
		$failed++;
	} else {
		$passed++;
	}
}
echo $passed, ' ', $failed, ' ', count($skips), "\n";
foreach ($skips as $line) {
	echo $line, "\n";
}
