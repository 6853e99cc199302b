mod debian/kivihook.ini
