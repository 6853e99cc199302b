import { TabPanel } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { Card } from '../parts/card';
import { Code } from '../parts/copy';
import { Duty } from '../overview/duty';

function Recipes( { settings } ) {
	const tabs = [
		{ name: 'systemd', title: 'systemd', text: settings.systemd, hint: __( 'Save it as /etc/systemd/system/kivihook@.service, then: systemctl enable --now kivihook@1 kivihook@2', 'kivihook' ) },
		{ name: 'supervisor', title: 'supervisor', text: settings.supervisor, hint: __( 'Add it to the configuration of supervisor, then: supervisorctl update', 'kivihook' ) },
		{ name: 'cron', title: 'cron', text: settings.cron, hint: __( 'Without workers, a system cron makes the schedule reliable. Add this line with crontab -e.', 'kivihook' ) },
	].filter( ( tab ) => tab.text );
	return (
		<Card title={ __( 'Workers', 'kivihook' ) } note={ __( 'A worker sends within a tenth of a second, and PHP is never kept busy with sending. It runs on the server:', 'kivihook' ) }>
			<TabPanel tabs={ tabs }>
				{ ( tab ) => (
					<div className="kh-stack kh-recipe">
						<p className="kh-note">{ tab.hint }</p>
						<Code text={ tab.text } label={ tab.title } wrap={ false } />
					</div>
				) }
			</TabPanel>
		</Card>
	);
}

export function Machine( { settings } ) {
	return (
		<>
			<Duty duty={ settings.duty } />
			<Recipes settings={ settings } />
			<Card title={ __( 'Networks', 'kivihook' ) } note={ __( 'Only the owner of the server changes these, in php.ini. A restart of PHP takes them over.', 'kivihook' ) }>
				<div className="kh-scroll" tabIndex={ 0 } role="group" aria-label={ __( 'Networks', 'kivihook' ) }>
					<table className="kh-table">
						<thead>
							<tr>
								<th scope="col">{ __( 'Setting', 'kivihook' ) }</th>
								<th scope="col">{ __( 'Value', 'kivihook' ) }</th>
								<th scope="col">{ __( 'Meaning', 'kivihook' ) }</th>
							</tr>
						</thead>
						<tbody>
							{ settings.networks.map( ( one ) => (
								<tr key={ one.setting }>
									<th scope="row">
										<code>{ one.setting }</code>
									</th>
									<td>{ one.value === '' ? '–' : <code>{ String( one.value ) }</code> }</td>
									<td>{ one.meaning }</td>
								</tr>
							) ) }
						</tbody>
					</table>
				</div>
				<p className="kh-note">
					{ settings.extension?.version
						? /* translators: 1: a version, 2: names and versions of libraries */
						  sprintf( __( 'Extension %1$s with %2$s', 'kivihook' ), settings.extension.version, settings.extension.libraries )
						: __( 'The extension is not loaded.', 'kivihook' ) }
				</p>
			</Card>
		</>
	);
}
