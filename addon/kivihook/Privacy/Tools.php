<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Privacy;

use KiviHook\Exception;
use KiviHook\WordPress\Store\PersonalData;
use KiviHook\WordPress\Value;

/**
 * Tools → Export Personal Data, Erase Personal Data, and the guide to the privacy policy.
 *
 * @phpstan-import-type EventOfPerson from \KiviHook\WordPress\Store\PersonalData
 */
final class Tools {

	private const NAME = 'kivihook';

	public function __construct( private PersonalData $data, private Recipients $recipients ) {
	}

	/** @param callable():self $tools most requests never need them */
	public static function register( callable $tools ): void {
		add_filter( 'wp_privacy_personal_data_exporters', static fn ( mixed $exporters ): array => $tools()->exporters( $exporters ) );
		add_filter( 'wp_privacy_personal_data_erasers', static fn ( mixed $erasers ): array => $tools()->erasers( $erasers ) );
		add_action( 'admin_init', array( self::class, 'policy' ) );
	}

	/**
	 * @internal Exporters and ours.
	 * @return mixed[]
	 */
	public function exporters( mixed $exporters ): array {
		return array(
			self::NAME => array(
				'exporter_friendly_name' => __( 'KiviHook webhooks', 'kivihook' ),
				'callback'               => array( $this, 'export' ),
			),
		) + (array) $exporters;
	}

	/**
	 * @internal Erasers and ours.
	 * @return mixed[]
	 */
	public function erasers( mixed $erasers ): array {
		return array(
			self::NAME => array(
				'eraser_friendly_name' => __( 'KiviHook webhooks', 'kivihook' ),
				'callback'             => array( $this, 'erase' ),
			),
		) + (array) $erasers;
	}

	/**
	 * @internal One page: what was kept, what of it is still there, and who received it.
	 * @return array<string, mixed>
	 */
	public function export( string $email, int $page = 1 ): array {
		$user = get_user_by( 'email', $email );
		if ( false === $user ) {
			return array( 'data' => array(), 'done' => true );
		}
		$items = 1 === $page ? $this->receivers( $user->ID ) : array();
		$found = $this->page( $user->ID, $page );
		foreach ( $found['items'] as $event ) {
			$fields = array(
				self::field( __( 'What happened', 'kivihook' ), $event['type'] ),
				self::field( __( 'When (UTC)', 'kivihook' ), substr( $event['created_at'], 0, 19 ) ),
				self::field( __( 'Record', 'kivihook' ), (string) $event['record_id'] ),
			);
			// A doctor is no party to what concerns a patient's health.
			$own = (int) $event['patient_id'] === $user->ID || null === $event['patient_id'];
			foreach ( $own ? ( $event['data'] ?? array() ) : array() as $name => $value ) {
				if ( null !== $value && '' !== $value ) {
					$fields[] = self::field( (string) $name, is_scalar( $value ) ? (string) $value : (string) wp_json_encode( $value, JSON_UNESCAPED_UNICODE ) );
				}
			}
			foreach ( $event['deliveries'] as $delivery ) {
				$fields[] = self::field(
					__( 'Sent to', 'kivihook' ),
					sprintf( '%s: %s, %s UTC', $this->recipients->name( (int) $delivery['webhook'] ), $delivery['state'], substr( (string) $delivery['updated_at'], 0, 19 ) )
				);
			}
			$items[] = array(
				'group_id'    => 'kivihook-events',
				'group_label' => __( 'Events told to other systems', 'kivihook' ),
				'item_id'     => 'kivihook-event-' . $event['sequence'],
				'data'        => $fields,
			);
		}
		return array( 'data' => $items, 'done' => ! $found['more'] );
	}

	/**
	 * @internal One page. Of a doctor nothing is erased: the events belong to patients.
	 * @return array<string, mixed>
	 */
	public function erase( string $email, int $page = 1 ): array {
		$answer = array( 'items_removed' => false, 'items_retained' => false, 'messages' => array(), 'done' => true );
		$user   = get_user_by( 'email', $email );
		if ( false === $user ) {
			return $answer;
		}
		$name   = "kivihook_erase_{$user->ID}";
		$after  = 1 === $page ? 0 : Value::number( get_transient( $name ) );
		$result = $this->data->erase( $user->ID, $after );
		$result['more'] ? set_transient( $name, $result['last'], HOUR_IN_SECONDS ) : delete_transient( $name );
		if ( $result['busy'] > 0 ) {
			$answer['items_retained'] = true;
			$answer['messages'][]     = __( 'Some deliveries of KiviHook are on their way at this moment. Erase again in a few minutes.', 'kivihook' );
		}
		if ( 1 === $page && 0 === $result['erased'] && $this->data->events( $user->ID, 0, 1 )['items'] && 0 === $result['last'] ) {
			$answer['items_retained'] = true;
			$answer['messages'][]     = __( 'Events that name this person as the doctor belong to patients: KiviHook removes their data when their time is over.', 'kivihook' );
		}
		$answer['items_removed'] = $result['erased'] > 0;
		$answer['done']          = ! $result['more'];
		return $answer;
	}

	/** @internal Suggests a text in Settings → Privacy → Policy Guide. */
	public static function policy(): void {
		if ( ! function_exists( 'wp_add_privacy_policy_content' ) ) {
			return;
		}
		wp_add_privacy_policy_content(
			'KiviHook',
			wp_kses_post(
				'<p class="privacy-policy-tutorial">' . __( 'KiviHook sends data about patients and doctors to the systems that you have set up as webhooks. Name them, why they get the data and on which legal ground, and where they are. `wp kivihook recipients` and Tools → Export Personal Data list them for one person.', 'kivihook' ) . '</p>'
				. '<p><strong class="privacy-policy-tutorial">' . __( 'Suggested text:', 'kivihook' ) . '</strong> '
				. __( 'When something about your treatment is organised here (for instance an appointment is booked, moved or cancelled, or a bill is paid), we tell the following systems at once, because they carry out what follows: [name each system, its operator, its country and its purpose]. They receive only the data that this purpose needs. What was sent is kept here, encrypted, for up to 7 days, so that it can be sent again if a system could not be reached; that and when it was sent is kept for up to one year. If your record is deleted, the stored data are deleted with it, and the systems are told to do the same.', 'kivihook' )
				. '</p>'
			)
		);
	}

	/**
	 * Pages of WordPress are numbered, ours begin after an event: the pages before this one are walked.
	 *
	 * @return array{items: array<int, EventOfPerson>, last: int, more: bool}
	 */
	private function page( int $user, int $page ): array {
		$name  = "kivihook_export_$user";
		$found = $this->data->events( $user, 1 === $page ? 0 : Value::number( get_transient( $name ) ) );
		$found['more'] ? set_transient( $name, $found['last'], HOUR_IN_SECONDS ) : delete_transient( $name );
		return $found;
	}

	/**
	 * @return array<int, array<string, mixed>>
	 * @throws Exception
	 */
	private function receivers( int $user ): array {
		return array_map(
			static fn ( array $one ): array => array(
				'group_id'    => 'kivihook-recipients',
				'group_label' => __( 'Who received your data', 'kivihook' ),
				'item_id'     => "kivihook-recipient-{$one['webhook']}-{$one['type']}",
				'data'        => array(
					self::field( __( 'Recipient', 'kivihook' ), "{$one['name']} ({$one['host']})" ),
					self::field( __( 'What about', 'kivihook' ), $one['type'] ),
					self::field( __( 'How often', 'kivihook' ), (string) $one['count'] ),
					self::field( __( 'First and last (UTC)', 'kivihook' ), "{$one['first']}, {$one['last']}" ),
				),
			),
			$this->recipients->of( $user )
		);
	}

	/** @return array<string, mixed> */
	private static function field( string $name, string $value ): array {
		return array( 'name' => $name, 'value' => $value );
	}
}
