<?php

/** Holds the documents to what is there; see dev/docs. php docs.php ROOT */

declare(strict_types=1);

require __DIR__ . '/Documents.php';

$documents = new Documents($argv[1]);
$failed = 0;
foreach (['links', 'commands', 'settings', 'messages'] as $check) {
	$wrong = $documents->$check();
	$failed += (int) ($wrong !== []);
	echo $wrong === [] ? "ok $check\n" : "not ok $check\n  " . implode("\n  ", $wrong) . "\n";
}
printf("%d passed, %d failed, 0 skipped\n", 4 - $failed, $failed);
exit((int) ($failed > 0));
