<?php

/** Run by load.php --admin after an activation: WordPress needs a fresh process to know the new plugins' rules. */

declare(strict_types=1);

global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%postname%/');
flush_rewrite_rules(false);
