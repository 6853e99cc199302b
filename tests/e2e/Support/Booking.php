<?php

declare(strict_types=1);

namespace KiviHook\Tests\E2e\Support;

use KiviHook\Tests\Site\Clinic;
use KiviHook\Tests\Site\Response;

/** An appointment that a test has made. */
final class Booking
{
	public function __construct(public int $id, public Response $response, public int $slot)
	{
	}

	public function date(): string
	{
		return Clinic::slot($this->slot)[0];
	}

	public function time(): string
	{
		return Clinic::slot($this->slot)[1];
	}
}
