<?php

/**
 * A small OAuth2 provider for tests, run by PHP's own web server. Its codes are the challenges: a code with a verifier is good if
 * the one is the other's S256; "no-pkce" is good without. The client is "clinic" with the secret "S3cret-client". A refresh token
 * is replaced by the next: r3fresh-from-provider, r3fresh-from-provider-2, …-3.
 */

declare(strict_types=1);

header( 'Content-Type: application/json' );
$verifier = (string) ( $_POST['code_verifier'] ?? '' );
$expected = '' === $verifier ? 'no-pkce' : rtrim( strtr( base64_encode( hash( 'sha256', $verifier, true ) ), '+/', '-_' ), '=' );
$basic    = explode( ':', (string) base64_decode( substr( (string) ( $_SERVER['HTTP_AUTHORIZATION'] ?? '' ), 6 ) ), 2 );
$client   = isset( $_POST['client_id'] ) && isset( $_POST['client_secret'] ) ? array( $_POST['client_id'], $_POST['client_secret'] ) : $basic;
$good = array( 'clinic', 'S3cret-client' ) === $client;
if ( $good && 'refresh_token' === ( $_POST['grant_type'] ?? '' ) && 1 === preg_match( '/^r3fresh-from-provider(?:-(\d))?$/', (string) $_POST['refresh_token'], $found ) ) {
	$next = (int) ( $found[1] ?? 1 ) + 1;
	echo json_encode( array( 'access_token' => "t0ken-from-provider-$next", 'refresh_token' => "r3fresh-from-provider-$next", 'token_type' => 'Bearer', 'expires_in' => 3600 ) );
	return;
}
if ( 'authorization_code' !== ( $_POST['grant_type'] ?? '' ) || ( $_POST['code'] ?? '' ) !== $expected || ! $good ) {
	http_response_code( 400 );
	echo '{"error": "invalid_grant", "error_description": "no such code"}';
	return;
}
echo '{"access_token": "t0ken-from-provider", "refresh_token": "r3fresh-from-provider", "token_type": "Bearer", "expires_in": 3600}';
