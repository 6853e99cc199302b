import { TabPanel } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { mayTry } from '../base/may';
import { useSite } from '../base/site';
import { useDraft } from './context';
import { Preview } from './preview';
import { SampleFields, useSample } from './sample';
import { TestSend } from './test-send';
import { Variables } from './variables';

/** Beside the form: what goes out, a test of it, and what can be put into it. */
export function Side() {
	const { me } = useSite();
	const { draft, webhook } = useDraft();
	const sample = useSample( draft );
	const trials = [
		{ name: 'preview', title: __( 'Preview', 'kivihook' ) },
		{ name: 'test', title: __( 'Test', 'kivihook' ) },
	];
	const tabs = [
		...( mayTry( me, webhook ) ? trials : [] ),
		{ name: 'variables', title: __( 'Variables', 'kivihook' ) },
	];
	return (
		<aside className="kh-side" aria-label={ __( 'Preview, test and variables', 'kivihook' ) }>
			<TabPanel tabs={ tabs }>
				{ ( tab ) => (
					<div className="kh-side__inside">
						{ tab.name === 'variables' && <Variables /> }
						{ tab.name !== 'variables' && <SampleFields sample={ sample } draft={ draft } /> }
						{ tab.name === 'preview' && <Preview sample={ sample } /> }
						{ tab.name === 'test' && <TestSend sample={ sample } /> }
					</div>
				) }
			</TabPanel>
		</aside>
	);
}
