// WordPress' own build, but for two things: React and the components are bundled (WordPress 6.0 and 6.1 ship React 17,
// which today's components don't run on), and all styles are one file, because only entries get a right-to-left twin.

const defaults = require( '@wordpress/scripts/config/webpack.config' );
const DependencyExtraction = require( '@wordpress/dependency-extraction-webpack-plugin' );
const { resolve } = require( 'node:path' );
const { IgnorePlugin, NormalModuleReplacementPlugin } = require( 'webpack' );

const FROM_WORDPRESS = {
	'@wordpress/i18n': [ 'wp', 'i18n' ],
	'@wordpress/api-fetch': [ 'wp', 'apiFetch' ],
	'@wordpress/hooks': [ 'wp', 'hooks' ],
};

module.exports = {
	...defaults,
	plugins: [
		...defaults.plugins.filter( ( plugin ) => plugin.constructor.name !== 'DependencyExtractionWebpackPlugin' ),
		new DependencyExtraction( {
			useDefaults: false,
			requestToExternal: ( request ) => FROM_WORDPRESS[ request ],
			requestToHandle: ( request ) => FROM_WORDPRESS[ request ] && request.replace( '@wordpress/', 'wp-' ),
		} ),
		// Half a megabyte of words and time zones that only WordPress' own date pickers would need.
		new IgnorePlugin( { resourceRegExp: /^\.\/locale$/, contextRegExp: /moment$/ } ),
		new NormalModuleReplacementPlugin( /moment-timezone[\\/]data[\\/]packed[\\/]latest\.json$|^\.\/data\/packed\/latest\.json$/, resolve( __dirname, 'src/vendor/time-zones.js' ) ),
	],
	module: {
		...defaults.module,
		rules: [
			...defaults.module.rules,
			// @wordpress/dataviews says that nothing in it has side effects; its stylesheet has.
			{ test: /\.css$/, sideEffects: true },
		],
	},
	optimization: {
		...defaults.optimization,
		// Each screen's part is one file with a name; what is shared lies in index.js.
		splitChunks: { cacheGroups: { default: false, defaultVendors: false } },
	},
	// The sizes that dev/build-ui prints say more than webpack's general advice.
	performance: { hints: false },
};
