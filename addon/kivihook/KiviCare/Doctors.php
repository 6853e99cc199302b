<?php

declare(strict_types=1);

namespace KiviHook\WordPress\KiviCare;

use KiviHook\WordPress\Value;

/** Doctors. Their basic_data holds their first password for good, and the Zoom add-on's secrets lie beside it. */
final class Doctors extends Person {

	public const ADDED   = 'doctor.added';
	public const UPDATED = 'doctor.updated';
	public const STATUS  = 'doctor.status_changed';
	public const REMOVED = 'doctor.removed';
	public const ALL     = array( self::ADDED, self::UPDATED, self::STATUS, self::REMOVED );

	public const ROLE = 'kiviCare_doctor';

	protected const NAME   = 'doctor';
	protected const FIELDS = 'doctor_module';

	/** Metas that only doctors have. The signature is a picture: nobody else reads it. */
	private const META = array( 'doctor_description', 'doctor_signature' );

	protected function people( array $ids ): array {
		return $this->records->people( $ids, 'doctor_profile_image', self::META );
	}

	protected function own( array $person ): array {
		$labels = array();
		foreach ( Value::items( $person['specialties'] ) as $specialty ) {
			$label    = is_array( $specialty ) ? $specialty['label'] ?? '' : $specialty;
			$labels[] = is_scalar( $label ) ? (string) $label : '';
		}
		// As the original add-on wrote them: a list as JSON, and labels in quotes.
		$qualifications = $person['qualifications'];
		return array(
			'description'    => $person['doctor_description'],
			'experience'     => $person['no_of_experience'],
			'qualification'  => array() === $qualifications
				? ''
				: (string) wp_json_encode( $qualifications, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES ),
			'specialization' => implode(
				', ',
				array_map( static fn ( string $label ): string => "\"$label\"", array_filter( $labels, static fn ( string $part ): bool => '' !== $part ) )
			),
			'signature'      => $person['doctor_signature'],
		);
	}
}
