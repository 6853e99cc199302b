import { DropdownMenu, MenuGroup, MenuItem } from '@wordpress/components';
import { download } from '@wordpress/icons';
import { __, sprintf } from '@wordpress/i18n';
import { api } from '../base/api';
import { number } from '../base/format';
import { useSite } from '../base/site';
import { saveFile } from '../parts/save-file';

/** What the filters show, as a file. Without what was sent. */
export function Export( { question } ) {
	const { say } = useSite();
	const run = async ( format ) => {
		try {
			const file = await api.get( 'deliveries/export', { ...question, format } );
			saveFile( file.filename, file.mime_type, file.content );
			say(
				file.truncated
					? /* translators: %s: a number of rows */
					  sprintf( __( 'The newest %s rows are in the file; narrow the filters for the rest.', 'kivihook' ), number( file.rows ) )
					: /* translators: %s: a number of rows */
					  sprintf( __( '%s rows are in the file.', 'kivihook' ), number( file.rows ) )
			);
		} catch ( error ) {
			say( error.message, { error: true } );
		}
	};
	return (
		<DropdownMenu icon={ download } label={ __( 'Export', 'kivihook' ) } text={ __( 'Export', 'kivihook' ) } toggleProps={ { variant: 'secondary' } }>
			{ ( { onClose } ) => (
				<MenuGroup>
					{ [ 'csv', 'json' ].map( ( format ) => (
						<MenuItem
							key={ format }
							onClick={ () => {
								onClose();
								run( format );
							} }
						>
							{ format.toUpperCase() }
						</MenuItem>
					) ) }
				</MenuGroup>
			) }
		</DropdownMenu>
	);
}
