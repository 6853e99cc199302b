<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest\Own;

use KiviHook\WordPress\Rest\KiviCareScreens;
use KiviHook\WordPress\Store\OriginalAddon;
use KiviHook\WordPress\Value;
use KiviHook\WordPress\Webhooks\Transfer\Export;
use KiviHook\WordPress\Webhooks\Transfer\Import;
use KiviHook\WordPress\Webhooks\Transfer\OriginalImport;
use WP_REST_Request;
use WP_REST_Response;

/** kivihook/v1/webhooks/export, import and original: webhooks come and go. */
final class TransferRoutes {

	public function __construct( private Parts $parts ) {
	}

	public function export( WP_REST_Request $request ): WP_REST_Response {
		$ids        = Value::numbers( $request->get_param( 'ids' ) );
		$ids        = array() === $ids ? $this->parts->query()->ids( array() ) : $ids;
		$passphrase = Value::text( $request->get_param( 'passphrase' ) ?? '' );
		$webhooks   = $this->parts->plugin->webhooks()->findAll( $ids );
		$text       = ( new Export( $this->parts->service() ) )->text( $webhooks, $passphrase );
		$this->parts->audit()->add(
			'' === $passphrase ? 'webhook.exported' : 'webhook.exported_with_secrets',
			0,
			'',
			array( array( 'field' => 'ids', 'old' => null, 'new' => implode( ', ', array_keys( $webhooks ) ) ) )
		);
		return Answer::ok(
			array(
				'filename'  => 'kivihook-webhooks-' . gmdate( 'Y-m-d' ) . '.json',
				'mime_type' => 'application/json',
				'content'   => $text,
				'webhooks'  => count( $webhooks ),
			)
		);
	}

	public function import( WP_REST_Request $request ): WP_REST_Response {
		return Answer::ok(
			$this->importer()->run(
				Value::text( $request->get_param( 'content' ) ),
				Value::text( $request->get_param( 'passphrase' ) ?? '' ),
				(bool) $request->get_param( 'dry_run' ),
				get_current_user_id()
			)
		);
	}

	public function original(): WP_REST_Response {
		$counts = $this->source()->counts();
		return Answer::ok(
			array(
				'active'   => KiviCareScreens::originalIsActive(),
				'webhooks' => (int) $counts['webhooks'],
				'logs'     => (int) $counts['logs'],
				'imported' => $this->originalImport()->imported(),
			)
		);
	}

	public function importOriginal( WP_REST_Request $request ): WP_REST_Response {
		return Answer::ok( $this->originalImport()->run( (bool) $request->get_param( 'log' ), (bool) $request->get_param( 'dry_run' ), get_current_user_id() ) );
	}

	private function importer(): Import {
		return new Import( $this->parts->editor(), $this->parts->plugin->catalogue() );
	}

	private function source(): OriginalAddon {
		return new OriginalAddon( $this->parts->plugin->connection(), $this->parts->plugin->wpdb() );
	}

	private function originalImport(): OriginalImport {
		return new OriginalImport( $this->source(), $this->importer(), $this->parts->plugin->catalogue(), $this->parts->plugin->log(), $this->parts->plugin->options() );
	}
}
