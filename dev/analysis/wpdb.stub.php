<?php

/**
 * wpdb::__get() lets everybody read what is declared protected.
 *
 * @property-read \mysqli|false|null $dbh
 * @property-read string $dbuser
 * @property-read string $dbpassword
 * @property-read string $dbname
 * @property-read string $dbhost
 */
class wpdb
{
	/**
	 * @param string $host
	 * @return array{string, int|null, string|null, bool}|false
	 */
	public function parse_db_host( $host ) {}
}
