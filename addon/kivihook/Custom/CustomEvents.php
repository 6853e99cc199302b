<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Custom;

use KiviHook\TransactionLost;
use KiviHook\WordPress\Catalogue\Catalogue;
use KiviHook\WordPress\Catalogue\Event;
use KiviHook\WordPress\Emitter;
use KiviHook\WordPress\KiviCare\Argument;
use KiviHook\WordPress\KiviCare\Formats;

/** Takes the events that other plugins fire: do_action( 'kivihook_emit', … ) or kivihook_emit(). */
final class CustomEvents {

	public const ACTION = 'kivihook_emit';

	private const MAX_CLINICS = 20;

	public function __construct( private Emitter $emitter, private Catalogue $catalogue ) {
	}

	public static function register( self $events ): void {
		add_action( self::ACTION, array( $events, 'emit' ), 10, 3 );
	}

	/**
	 * Keeps an event, in the caller's transaction if it has one open. Costs nothing while nobody has subscribed.
	 *
	 * @param mixed $id    As it was declared.
	 * @param mixed $data  Values by the variables' names. What was not declared is left out.
	 * @param mixed $about Whom it is about, for webhooks of one clinic: clinic_ids, patient_id, doctor_id.
	 * @return ?string The event's id, or null: nobody wants it, or it could not be kept (then KiviHook's log says why).
	 * @throws TransactionLost If the caller's transaction is gone: what was to be saved with the event was not.
	 */
	public function emit( mixed $id, mixed $data = array(), mixed $about = array() ): ?string {
		if ( ! is_string( $id ) || ! $this->emitter->listens( $id ) ) {
			return null;
		}
		try {
			$event = $this->catalogue->event( $id );
			if ( null === $event || ! $this->catalogue->isDeclared( $id ) ) {
				return null;
			}
			$snapshot = Formats::inSiteLocale( static fn (): array => self::snapshot( $event, $data, $about ) );
		} catch ( \Throwable $error ) {
			// The emitter logs what a snapshot throws, and the caller goes on.
			( $this->emitter->listener(
				$id,
				static function () use ( $error ): array {
					throw $error;
				}
			) )();
			return null;
		}
		return $this->emitter->emit( $id, $snapshot );
	}

	/** @return array<string, mixed> */
	private static function snapshot( Event $event, mixed $data, mixed $about ): array {
		$data  = is_array( $data ) ? $data : array();
		$about = is_array( $about ) ? $about : array();
		$typed = array();
		foreach ( $event->variables as $name => $variable ) {
			$typed[ $name ] = Values::typed( $variable->type, $data[ $name ] ?? null );
		}
		$record = Argument::id( $typed[ $event->record ] ?? null );
		$own    = array(
			'event_name'  => $event->id,
			'event_type'  => $event->id,
			'module_name' => $event->module,
			'record_id'   => $record,
		);
		return array(
			'data'       => $event->only( $own + Formats::now() + $typed ),
			'record_id'  => $record,
			'clinic_ids' => array_slice( Argument::ids( $about['clinic_ids'] ?? array() ), 0, self::MAX_CLINICS ),
			'patient_id' => Argument::id( $about['patient_id'] ?? null ),
			'doctor_id'  => Argument::id( $about['doctor_id'] ?? null ),
		);
	}
}
