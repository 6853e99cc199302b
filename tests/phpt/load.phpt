--TEST--
The module is there: its version, its classes, its settings
--EXTENSIONS--
kivihook
--FILE--
<?php
var_dump(KiviHook\VERSION === phpversion('kivihook'));
foreach (['Exception', 'InvalidException', 'TemplateException', 'SealedException', 'TransactionLost', 'Demand', 'Store',
	'Engine', 'Listener', 'Template', 'Vault', 'Signature'] as $name) {
	$class = new ReflectionClass("KiviHook\\$name");
	printf("%-18s %s\n", $name, $class->isInterface() ? 'interface' : ($class->isFinal() ? 'final' : 'open'));
}
foreach (ini_get_all('kivihook') as $name => $setting) {
	printf("%s=%s %s\n", $name, $setting['global_value'], $setting['access'] === INI_SYSTEM ? 'system' : 'NOT SYSTEM');
}
try {
	serialize(new KiviHook\Vault(['k' => random_bytes(32)]));
} catch (Exception $e) {
	echo get_class($e), ': ', $e->getMessage(), "\n";
}
?>
--EXPECT--
bool(true)
Exception          open
InvalidException   final
TemplateException  final
SealedException    final
TransactionLost    final
Demand             final
Store              interface
Engine             final
Listener           final
Template           final
Vault              final
Signature          final
kivihook.allow_http=0 system
kivihook.allow_networks= system
kivihook.ca_file= system
kivihook.deny_networks= system
kivihook.max_in_flight=64 system
kivihook.max_response_bytes=1048576 system
kivihook.proxy= system
Exception: Serialization of 'KiviHook\Vault' is not allowed
