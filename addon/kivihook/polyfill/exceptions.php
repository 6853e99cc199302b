<?php

declare(strict_types=1);

/**
 * What the extension declares too. Loaded by the autoloader only, hence only where the extension has not.
 */

namespace KiviHook;

/** The family of everything that KiviHook throws. The message says what to change. */
class Exception extends \RuntimeException {
}

/**
 * The caller's database transaction is gone while an event was being appended. The only exception that a listener lets
 * through: the caller has to roll back and to report failure.
 */
final class TransactionLost extends Exception {
}
