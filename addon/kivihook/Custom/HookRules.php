<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Custom;

/**
 * Which of WordPress' hooks must not become events, and which of their values must not be fields: what carries passwords,
 * what holds whole requests or mails, what fires at every turn.
 */
final class HookRules {

	/** Patterns of names => why. The first that fits is told. */
	private const REFUSED = array(
		'/\Akivihook/'                                             => self::OURS,
		'/\A(kc_(patient|doctor|receptionist)_(save|update)|kivicare_after_user_register)\z/' => self::PEOPLE,
		'/\A(user_register|profile_update|wp_pre_insert_user_data|insert_(custom_)?user_meta|wp_update_user|edit_user_.+|personal_options_update|user_profile_update_errors|register_post|registration_errors|wpmu_.*user.*|invite_user)\z/' => self::PEOPLE,
		'/pass(word|wd|phrase)|lostpass|retrieve_pass|authenticat|login|logout|auth_cookie|nonce|application_passw|session/i' => self::SECRETS,
		'/\A(pre_|wp_)?http_|\Ahttps?_|\Arest_|\Awp_ajax|\Axmlrpc|_request\z|\Arequest\z|\Aparse_request\z|phpmailer|\A(pre_)?wp_mail/' => self::REQUESTS,
		'/\A(all|query|gettext.*|ngettext.*|determine_locale|locale|plugins_loaded|muplugins_loaded|setup_theme|after_setup_theme|init|wp_loaded|wp|parse_query|pre_get_posts|posts_.+|the_.+|get_.+|wp_head|wp_footer|wp_enqueue_scripts|admin_(init|menu|head|footer|notices|enqueue_scripts)|template_redirect|template_include|shutdown|sanitize_.+|esc_.+|clean_.+|kses_.+|wp_kses.*|map_meta_cap|user_has_cap|role_has_cap|heartbeat_.+|cron_.+|doing_it_wrong.*|deprecated_.+|load_textdomain.*|override_load_textdomain|wp_cache.*|alloptions|pre_cache_alloptions|plugin_locale|theme_locale|stylesheet|template|bloginfo.*|home_url|site_url|admin_url|rest_url|content_url|upload_dir|wp_date|date_i18n|number_format_i18n|current_screen|body_class|post_class|is_.+)\z/' => self::CONSTANT,
		'/\A(pre_|default_)?(site_)?option(_|\z)|\A(add|update|delete|added|updated|deleted)_(site_)?option|transient|_meta\z|_metadata|_meta_/' => self::CONSTANT,
	);

	private const OURS     = 1;
	private const PEOPLE   = 2;
	private const SECRETS  = 3;
	private const REQUESTS = 4;
	private const CONSTANT = 5;

	/** Words that a field's path must not hold. */
	private const SECRET_PATH = '/pass|pwd|secret|token|api_?key|private_?key|auth|cookie|nonce|session|activation_key|card|cvc|cvv|iban/i';

	/** Why a hook can't be used, or ''. */
	public static function refusal( string $hook ): string {
		if ( 1 !== preg_match( '/\A[A-Za-z0-9_.\/:{}-]{1,191}\z/', $hook ) ) {
			return __( 'A hook\'s name has letters, digits and _ . / : - only, at most 191 of them.', 'kivihook' );
		}
		foreach ( self::REFUSED as $pattern => $reason ) {
			if ( 1 === preg_match( $pattern, $hook ) ) {
				return self::words( $reason );
			}
		}
		return '';
	}

	/** Why a value must not be a field, or ''. */
	public static function refusalOfPath( string $path ): string {
		if ( 1 !== preg_match( '/\A([0-9]|1[0-9])(\.[A-Za-z0-9_-]{1,64}){0,8}\z/', $path ) ) {
			return __( 'A path is the number of the hook\'s argument, from 0 on, and the way within it: 0, 1.total, 2.items.0.name.', 'kivihook' );
		}
		if ( 1 === preg_match( self::SECRET_PATH, $path ) ) {
			return __( 'This looks like a password, a key or a card: such values never leave in an event.', 'kivihook' );
		}
		return '';
	}

	private static function words( int $reason ): string {
		switch ( $reason ) {
			case self::OURS:
				return __( 'This is a hook of KiviHook itself.', 'kivihook' );
			case self::PEOPLE:
				return __( 'This hook carries passwords in clear. Use the events of patients, doctors and receptionists instead.', 'kivihook' );
			case self::SECRETS:
				return __( 'This hook carries passwords, sessions or keys.', 'kivihook' );
			case self::REQUESTS:
				return __( 'This hook carries whole requests or mails, whatever is in them.', 'kivihook' );
			default:
				return __( 'This hook fires many times in every request: it would fill the queue, and slow the site down.', 'kivihook' );
		}
	}
}
