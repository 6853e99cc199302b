// Stands for moment-timezone's table of all time zones (700 kB): only WordPress' date pickers ask it, in the site's zone.
module.exports = { version: '', zones: [], links: [], countries: [] };
