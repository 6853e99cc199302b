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

const DATAVIEWS = resolve( __dirname, 'node_modules/@wordpress/dataviews/build-module/components' );
const NOTHING = resolve( __dirname, 'src/vendor/nothing.js' );

/** For what one file of DataViews requests, and nobody else. */
function instead( issuer, request, file ) {
	return new NormalModuleReplacementPlugin( request, ( asked ) => {
		if ( asked.contextInfo.issuer === resolve( DATAVIEWS, issuer ) ) {
			asked.request = file;
		}
	} );
}

module.exports = {
	...defaults,
	resolve: { ...defaults.resolve, alias: { ...defaults.resolve?.alias, 'dataviews-date-control': resolve( DATAVIEWS, 'dataform-controls/date.mjs' ) } },
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
		// Our lists are tables, filtered by choices, numbers and days: no other layout, no other field of a form is ever shown.
		instead( 'dataviews-layouts/index.mjs', /^\.\/(grid|list|activity|picker-\w+)\/index\.mjs$/, NOTHING ),
		instead( 'dataform-controls/index.mjs', /^\.\/(?!(text|integer|date)\.)[\w-]+\.mjs$/, NOTHING ),
		instead( 'dataform-controls/index.mjs', /^\.\/date\.mjs$/, resolve( __dirname, 'src/vendor/lazy-date.jsx' ) ),
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
		// Each screen's part is one file with a name. What every screen shares lies in index.js, what several do in shared.js.
		splitChunks: { cacheGroups: { default: false, defaultVendors: false, shared: { name: 'shared', chunks: 'async', minChunks: 2, enforce: true } } },
	},
	// The sizes that dev/build-ui prints say more than webpack's general advice.
	performance: { hints: false },
};
