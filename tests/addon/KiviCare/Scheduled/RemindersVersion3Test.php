<?php

declare(strict_types=1);

namespace KiviHook\Tests\Addon\KiviCare\Scheduled;

/** KiviCare 3 writes down local times only. */
final class RemindersVersion3Test extends RemindersTest {

	protected const VERSION = 3;
}
