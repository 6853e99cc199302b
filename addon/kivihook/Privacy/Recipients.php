<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Privacy;

use KiviHook\WordPress\Store\PersonalData;
use KiviHook\WordPress\Store\Webhook;
use KiviHook\WordPress\Store\WebhookRepository;
use KiviHook\WordPress\Value;

/** Who received this person's data. */
final class Recipients {

	/** @var array<int, Webhook|null> */
	private array $known = array();

	public function __construct( private PersonalData $data, private WebhookRepository $webhooks ) {
	}

	/**
	 * @return array<int, array{webhook: int, name: string, host: string, type: string, count: int, first: string, last: string}>
	 * @throws \KiviHook\Exception
	 */
	public function of( int $user ): array {
		return array_map(
			fn ( array $row ): array => array(
				'webhook' => $row['webhook'],
				'name'    => $this->name( $row['webhook'] ),
				'host'    => $this->host( $row['webhook'] ),
				'type'    => $row['type'],
				'count'   => $row['count'],
				'first'   => substr( $row['first'], 0, 19 ),
				'last'    => substr( $row['last'], 0, 19 ),
			),
			$this->data->recipients( $user )
		);
	}

	/** @throws \KiviHook\Exception */
	public function name( int $id ): string {
		$webhook = $this->find( $id );
		/* translators: %d: number of a webhook */
		return null === $webhook ? sprintf( __( 'deleted webhook %d', 'kivihook' ), $id ) : $webhook->name;
	}

	private function host( int $id ): string {
		$webhook = $this->find( $id );
		return null === $webhook ? '' : (string) wp_parse_url( Value::text( $webhook->config['url'] ?? '' ), PHP_URL_HOST );
	}

	private function find( int $id ): ?Webhook {
		if ( ! array_key_exists( $id, $this->known ) ) {
			$this->known[ $id ] = $this->webhooks->find( $id );
		}
		return $this->known[ $id ];
	}
}
