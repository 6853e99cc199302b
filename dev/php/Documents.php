<?php

declare(strict_types=1);

/** The Markdown files of the project, and what they say of files, commands, settings and messages. */
final class Documents
{
	/** @var array<string, string> path below the root => text */
	private array $texts = [];

	/** @var array<string, list<string>> */
	private array $anchors = [];

	public function __construct(private string $root)
	{
		foreach (array_merge(glob("$root/*.md") ?: [], glob("$root/docs/*.md") ?: []) as $file) {
			$this->texts[substr($file, strlen($root) + 1)] = (string) file_get_contents($file);
		}
	}

	/** @return list<string> what is wrong */
	public function links(): array
	{
		$wrong = [];
		foreach ($this->texts as $name => $text) {
			preg_match_all('/\]\(([^)\s]+)\)/', self::withoutCode($text), $found);
			foreach ($found[1] as $link) {
				[$path, $anchor] = explode('#', $link, 2) + [1 => ''];
				if (preg_match('~^[a-z]+:~', $link) === 1) {
					continue;
				}
				$target = $path === '' ? $name : $this->resolved(dirname($name), $path);
				if ($target === null) {
					$wrong[] = "$name: there is no $path";
				} elseif ($anchor !== '' && !in_array($anchor, $this->anchorsOf($target), true)) {
					$wrong[] = "$name: $target has no heading #$anchor";
				}
			}
		}
		return $wrong;
	}

	/** @return list<string> */
	public function commands(): array
	{
		$wrong = [];
		$commands = $this->wpCommands();
		foreach ($this->texts as $name => $text) {
			foreach (self::code($text) as $line) {
				if (preg_match_all('~(?:^|[\s(])(?:\./)?(dev/[a-z0-9-]+)((?:\s+[^\s|;&#)]+)*)~', $line, $found, PREG_SET_ORDER)) {
					foreach ($found as [, $script, $rest]) {
						array_push($wrong, ...array_map(static fn (string $what): string => "$name: $what", $this->scriptErrors($script, $rest)));
					}
				}
				if (preg_match_all('~wp (?:--\S+ )*kivihook ((?:[a-z-]+ ?)+)([^|;&`]*)~', "$line ", $found, PREG_SET_ORDER)) {
					foreach ($found as [, $words, $rest]) {
						array_push($wrong, ...array_map(static fn (string $what): string => "$name: $what", self::wpErrors($commands, $words, $rest)));
					}
				}
			}
		}
		return $wrong;
	}

	/** @return list<string> */
	public function settings(): array
	{
		preg_match_all('/"(kivihook\.[a-z_]+)"/', (string) file_get_contents("$this->root/kivihook.c"), $registered);
		$wrong = [];
		foreach ($this->texts as $name => $text) {
			preg_match_all('/`(kivihook\.[a-z_]+)(?:\s*=[^`]*)?`/', $text, $found);
			foreach (array_diff($found[1], $registered[1], ['kivihook.php', 'kivihook.so', 'kivihook.c', 'kivihook.ini']) as $setting) {
				$wrong[] = "$name: the extension has no setting $setting";
			}
		}
		return $wrong;
	}

	/** @return list<string> */
	public function messages(): array
	{
		$sources = '';
		foreach (['src/core/*.c', 'addon/kivihook/*/*.php', 'addon/kivihook/*/*/*.php', 'addon/kivihook/*.php'] as $pattern) {
			foreach (glob("$this->root/$pattern") ?: [] as $file) {
				$sources .= file_get_contents($file);
			}
		}
		// C's and PHP's literals as they are read: parts joined, quotes plain, what is filled in as one mark.
		$sources = (string) preg_replace(['/"\s*\n\s*"/', "/\\\\(['\"])/", '/%(?:\d\$)?(?:\.\*)?(?:\d+|\.\d+)?(?:zu|ld|lld|[sdu])/'], ['', '$1', "\0"], $sources);
		$wrong = [];
		foreach (explode("\n", $this->texts['docs/troubleshooting.md']) as $line) {
			if (preg_match('/^\| ((?:`[^`]+`[,… ]*)+)\|/u', $line, $row) !== 1) {
				continue;
			}
			preg_match_all('/`([^`]+)`/', $row[1], $quoted);
			foreach ($quoted[1] as $text) {
				// A code of HTTP stands for what is filled in; a code alone continues the one before.
				$text = (string) preg_replace('/(?<=answered )\d{3}$/', '…', $text);
				foreach (preg_match('/^\d{3}$/', $text) ? [] : explode('…', $text) as $part) {
					if (strlen(trim($part, ' .:')) > 3 && !str_contains($sources, trim($part))) {
						$wrong[] = "docs/troubleshooting.md quotes \"$text\": the sources have no \"" . trim($part) . '"';
					}
				}
			}
		}
		return $wrong;
	}

	private function resolved(string $folder, string $path): ?string
	{
		$whole = realpath("$this->root/$folder/$path");
		return $whole !== false && str_starts_with($whole, realpath($this->root) . '/') ? substr($whole, strlen((string) realpath($this->root)) + 1) : null;
	}

	/** GitHub's names of a document's headings. @return list<string> */
	private function anchorsOf(string $file): array
	{
		if (!isset($this->anchors[$file])) {
			$this->anchors[$file] = [];
			preg_match_all('/^#{1,6} (.+)$/m', self::withoutBlocks((string) @file_get_contents("$this->root/$file")), $found);
			foreach ($found[1] as $heading) {
				$heading = (string) preg_replace('/\[([^\]]*)\]\([^)]*\)/', '$1', $heading);
				$anchor = str_replace(' ', '-', (string) preg_replace('/[^\p{L}\p{N} _-]/u', '', mb_lower($heading)));
				$count = count(array_keys(array_map(static fn (string $one): string => (string) preg_replace('/-\d+$/', '', $one), $this->anchors[$file]), $anchor, true));
				$this->anchors[$file][] = $count === 0 ? $anchor : "$anchor-$count";
			}
		}
		return $this->anchors[$file];
	}

	/** @return list<string> */
	private function scriptErrors(string $script, string $rest): array
	{
		$file = "$this->root/$script";
		// A folder of dev/, or a file in one.
		if (is_dir($file)) {
			return [];
		}
		if (!is_file($file) || !is_executable($file)) {
			return ["there is no $script"];
		}
		$help = (string) file_get_contents($file);
		$wrong = [];
		foreach (preg_split('/\s+/', trim($rest)) ?: [] as $argument) {
			$option = rtrim(explode('=', $argument)[0], '.,:`');
			if (preg_match('/^--[a-z]/', $option) === 1 && $option !== '--help' && !str_contains($help, $option)) {
				$wrong[] = "$script does not know $option";
			}
		}
		return $wrong;
	}

	/** @return array<string, string> name, of one or two words => docblock */
	private function wpCommands(): array
	{
		$folder = "$this->root/addon/kivihook/Cli";
		$registry = (string) file_get_contents("$folder/Commands.php");
		preg_match_all('/\$(\w+)\s*= new (\w+)\(/', $registry, $made);
		$classes = array_combine($made[1], $made[2]);
		$commands = [];
		preg_match_all('/\'([a-z -]+)\'\s*=> (?:array\( \$(\w+), \'(\w+)\' \)|new (\w+)\()/', $registry, $rows, PREG_SET_ORDER);
		foreach ($rows as $row) {
			$class = $row[4] ?? $classes[$row[2]];
			$method = isset($row[4]) ? '__invoke' : $row[3];
			$source = (string) file_get_contents("$folder/$class.php");
			preg_match('~/\*\*((?:(?!\*/).)*)\*/\s*public function ' . $method . '\(~s', $source, $found);
			$commands[$row[1]] = $found[1] ?? '';
		}
		return $commands;
	}

	/**
	 * @param array<string, string> $commands
	 * @return list<string>
	 */
	private static function wpErrors(array $commands, string $words, string $rest): array
	{
		$words = explode(' ', trim($words));
		$name = isset($commands[implode(' ', array_slice($words, 0, 2))]) ? implode(' ', array_slice($words, 0, 2)) : $words[0];
		if (!isset($commands[$name])) {
			return ["there is no wp kivihook $name"];
		}
		$wrong = [];
		preg_match_all('/(?<=^|\s)--(?:no-)?([a-z-]+)/', $rest, $options);
		foreach ($options[1] as $option) {
			if (preg_match('/^\s*\* \[?--' . preg_quote($option, '/') . '\b/m', $commands[$name]) !== 1) {
				$wrong[] = "wp kivihook $name does not know --$option";
			}
		}
		return $wrong;
	}

	/** Lines of code blocks, and what stands between backticks. @return list<string> */
	private static function code(string $text): array
	{
		preg_match_all('/^ *```(?:sh)?\n(.*?)^ *```$/ms', $text, $blocks);
		preg_match_all('/`([^`\n]+)`/', self::withoutBlocks($text), $spans);
		preg_match_all('/^\t(.+)$/m', $text, $indented);
		return array_merge(explode("\n", implode("\n", $blocks[1])), $spans[1], $indented[1]);
	}

	private static function withoutBlocks(string $text): string
	{
		return (string) preg_replace('/^ *```.*?^ *```$/ms', '', $text);
	}

	private static function withoutCode(string $text): string
	{
		return (string) preg_replace('/`[^`\n]*`/', '', self::withoutBlocks($text));
	}
}

/** Without mbstring, which a bare PHP lacks. */
function mb_lower(string $text): string
{
	return function_exists('mb_strtolower') ? mb_strtolower($text) : strtolower($text);
}
