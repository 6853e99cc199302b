<?php

declare(strict_types=1);

namespace KiviHook\Tests\Site;

/** A site can't be had; the message says why, and what the program concerned printed. */
final class SiteException extends \RuntimeException
{
}
