<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Rest;

use KiviHook\WordPress\KiviCare\Version;

/**
 * Who may use the webhook routes: people with KiviCare's own webhook capabilities (4.x gives them to administrators), and
 * the administrator role. `manage_options` alone opens nothing, but on KiviCare 3.x, which has no such capabilities.
 */
final class Access {

	public const LIST   = 'kiviCare_webhook_list';
	public const ADD    = 'kiviCare_webhook_add';
	public const EDIT   = 'kiviCare_webhook_edit';
	public const DELETE = 'kiviCare_webhook_delete';
	public const VIEW   = 'kiviCare_webhook_view';

	/** Word of the routes' table => capability. */
	public const WORDS = array(
		'list'   => self::LIST,
		'add'    => self::ADD,
		'edit'   => self::EDIT,
		'delete' => self::DELETE,
		'view'   => self::VIEW,
	);

	/** Has the current user at least one of the capabilities, or all of them as an administrator? */
	public static function granted( string ...$capabilities ): bool {
		if ( self::isAdministrator() ) {
			return true;
		}
		foreach ( $capabilities as $capability ) {
			// phpcs:ignore WordPress.WP.Capabilities.Unknown -- KiviCare's own.
			if ( current_user_can( $capability ) ) {
				return true;
			}
		}
		return false;
	}

	public static function isAdministrator(): bool {
		$user = wp_get_current_user();
		return in_array( 'administrator', (array) $user->roles, true )
			|| ( is_multisite() && is_super_admin( $user->ID ) )
			|| ( Version::generation() === 3 && user_can( $user, 'manage_options' ) );
	}

	/** Anything to do with webhooks at all. */
	public static function any(): bool {
		return self::granted( ...array_values( self::WORDS ) );
	}

	/** A permission_callback. */
	public static function needs( string ...$capabilities ): callable {
		return static function () use ( $capabilities ) {
			return self::granted( ...$capabilities ) ? true : self::refusal();
		};
	}

	/** A permission_callback for what only administrators may do. */
	public static function administratorsOnly(): callable {
		return static function () {
			return self::isAdministrator() ? true : self::refusal();
		};
	}

	private static function refusal(): \WP_Error {
		if ( ! is_user_logged_in() ) {
			return new \WP_Error(
				'kivihook_not_logged_in',
				__( 'Log in first: webhooks are for people who may manage them.', 'kivihook' ),
				array( 'status' => 401 )
			);
		}
		return new \WP_Error(
			'kivihook_forbidden',
			__( 'Your account may not manage webhooks. Ask an administrator of this site.', 'kivihook' ),
			array( 'status' => 403 )
		);
	}
}
