<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare\Scheduled;

use KiviHook\WordPress\Catalogue\CustomForms;
use KiviHook\WordPress\KiviCare\Forms;
use KiviHook\WordPress\Store\Options;

/** Keeps the list of the clinic's forms: see CustomForms. */
final class FormList {

	public function __construct( private Forms $forms, private Options $options ) {
	}

	public function run(): void {
		$listed = CustomForms::listed( $this->forms->all() );
		$known  = $this->options->get( CustomForms::OPTION, array() );
		if ( $listed !== $known ) {
			$this->options->put( CustomForms::OPTION, $listed );
		}
	}
}
