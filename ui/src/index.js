import { createRoot, StrictMode } from '@wordpress/element';
import '@wordpress/theme/design-tokens.css';
import '@wordpress/components/build-style/style.css';
import '@wordpress/dataviews/build-style/style.css';
import 'uplot/dist/uPlot.min.css';
import './style.scss';
import { root } from './base/boot';
import { translateComponents } from './base/component-words';
import { comeBack } from './base/oauth2';
import { App } from './app';

if ( root ) {
	comeBack();
	translateComponents();
	createRoot( root ).render(
		<StrictMode>
			<App />
		</StrictMode>
	);
}
