<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Seal;

use KiviHook\Exception;

/** A value can't be sealed or opened. The message names neither the value nor a key. */
final class SealError extends Exception {
}
