<?php

declare(strict_types=1);

namespace KiviHook\WordPress\Webhooks\Presets;

/**
 * Hosts whose business is advertising or analytics. The services are those which the HHS bulletin on online tracking
 * technologies (OCR, 2022, revised 18 March 2024, https://www.hhs.gov/hipaa/for-professionals/privacy/guidance/hipaa-online-tracking/)
 * and the FTC's cases against GoodRx and BetterHelp (2023) are about; each address is the ingestion endpoint that the
 * service's own documentation names.
 */
final class AnalyticsHosts {

	/** Host, or the end of one => service. */
	private const HOSTS = array(
		'google-analytics.com'   => 'Google Analytics', // developers.google.com/analytics/devguides/collection/protocol/ga4
		'analytics.google.com'   => 'Google Analytics',
		'googletagmanager.com'   => 'Google Tag Manager',
		'doubleclick.net'        => 'Google Ads',
		'googleads.googleapis.com' => 'Google Ads',
		'graph.facebook.com'     => 'Meta Conversions API', // developers.facebook.com/docs/marketing-api/conversions-api
		'facebook.com'           => 'Meta',
		'business-api.tiktok.com' => 'TikTok Events API',
		'tr.snapchat.com'        => 'Snapchat Conversions API',
		'api.pinterest.com'      => 'Pinterest Conversions API',
		'ads-api.twitter.com'    => 'X Ads',
		'ads-api.reddit.com'     => 'Reddit Conversions API',
		'api.linkedin.com'       => 'LinkedIn Conversions API',
		'bat.bing.com'           => 'Microsoft Advertising',
		'clarity.ms'             => 'Microsoft Clarity',
		'mixpanel.com'           => 'Mixpanel', // docs.mixpanel.com: api, api-eu, api-in
		'amplitude.com'          => 'Amplitude', // api2.amplitude.com
		'segment.io'             => 'Segment', // api.segment.io
		'segment.com'            => 'Segment',
		'posthog.com'            => 'PostHog', // us.i.posthog.com, eu.i.posthog.com
		'heapanalytics.com'      => 'Heap',
		'hotjar.com'             => 'Hotjar',
		'fullstory.com'          => 'FullStory',
		'criteo.com'             => 'Criteo',
		'klaviyo.com'            => 'Klaviyo',
		'braze.com'              => 'Braze',
		'appsflyer.com'          => 'AppsFlyer',
		'adjust.com'             => 'Adjust',
		'branch.io'              => 'Branch',
		'plausible.io'           => 'Plausible',
		'rudderstack.com'        => 'RudderStack',
		'matomo.cloud'           => 'Matomo Cloud',
	);

	/** The service that a URL leads to, or ''. */
	public static function named( string $url ): string {
		$host = rtrim( strtolower( (string) wp_parse_url( preg_replace( '/\{\{.*?\}\}/', '', $url ) ?? '', PHP_URL_HOST ) ), '.' );
		foreach ( self::HOSTS as $end => $service ) {
			if ( $host === $end || str_ends_with( $host, ".$end" ) ) {
				return $service;
			}
		}
		return '';
	}
}
