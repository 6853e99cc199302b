import { __, sprintf } from '@wordpress/i18n';
import { check, cautionFilled } from '@wordpress/icons';
import { Badge } from '../parts/badge';
import { Card } from '../parts/card';
import { Code } from '../parts/copy';

function states() {
	return {
		ok: __( 'In order', 'kivihook' ),
		fallback: __( 'Not in wp-config.php yet', 'kivihook' ),
		changed: __( 'Another key than before', 'kivihook' ),
		invalid: __( 'Not a valid key', 'kivihook' ),
		unsupported: __( 'Can’t be used on this server', 'kivihook' ),
	};
}

export function Keys( { settings } ) {
	const { key } = settings;
	const fine = key.state === 'ok';
	return (
		<>
			<Card title={ __( 'The key of this site', 'kivihook' ) } note={ __( 'It seals credentials and the data of events. Keep it with your backups: without it, credentials have to be entered again.', 'kivihook' ) }>
				<p className="kh-duty">
					<Badge tone={ fine ? 'good' : 'bad' } icon={ fine ? check : cautionFilled }>
						{ states()[ key.state ] ?? key.state }
					</Badge>{ ' ' }
					{ key.text }
				</p>
				{ key.line && (
					<>
						<p>
							{ /* translators: %s: a file */
							sprintf( __( 'Put this line into %s, above “That’s all, stop editing!”:', 'kivihook' ), key.file ) }
						</p>
						<Code text={ key.line } label={ __( 'Line for wp-config.php', 'kivihook' ) } />
					</>
				) }
			</Card>
		</>
	);
}
