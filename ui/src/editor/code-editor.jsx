import { useEffect, useId, useRef } from '@wordpress/element';
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { xml } from '@codemirror/lang-xml';
import { bracketMatching, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view';
import { colours, completeTemplate, place, tags, theme } from './template-language';

function language( contentType ) {
	if ( /json/.test( contentType ) ) {
		return json();
	}
	return /xml|html/.test( contentType ) ? xml() : [];
}

/** Where the engine says that a mistake is: line and column in characters, from 1. */
function diagnostics( state, errors ) {
	return errors
		.filter( ( error ) => error.line > 0 )
		.map( ( error ) => {
			const { from, to } = place( state.doc, error.line, error.column );
			return { from, to, severity: error.severity ?? 'error', message: error.message };
		} );
}

/**
 * A template's source, with colours for JSON and XML and for {{tags}}, completion of variables and filters, and errors
 * underlined. Tab leaves it, as it leaves any field.
 */
export function CodeEditor( { label, value, onChange, contentType = 'text/plain', errors = [], variables = [], filters = [], insertion, describedBy, readOnly = false, minHeight = '14em' } ) {
	const host = useRef( null );
	const view = useRef( null );
	const parts = useRef( null );
	const latest = useRef( {} );
	latest.current = { onChange, variables, filters, insertion };
	const helpId = useId();

	useEffect( () => {
		parts.current = { language: new Compartment(), attributes: new Compartment() };
		view.current = new EditorView( {
			parent: host.current,
			state: EditorState.create( {
				doc: value,
				extensions: [
					lineNumbers(),
					history(),
					drawSelection(),
					bracketMatching(),
					closeBrackets(),
					EditorView.lineWrapping,
					EditorState.readOnly.of( readOnly ),
					syntaxHighlighting( colours ),
					tags,
					theme( minHeight ),
					autocompletion( { override: [ ( context ) => completeTemplate( context, latest.current ) ], activateOnTyping: true, closeOnBlur: true } ),
					keymap.of( [ ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap ] ),
					parts.current.language.of( language( contentType ) ),
					parts.current.attributes.of( EditorView.contentAttributes.of( { 'aria-label': label } ) ),
					EditorView.updateListener.of( ( update ) => update.docChanged && latest.current.onChange( update.state.doc.toString() ) ),
					EditorView.domEventHandlers( {
						focus: ( event, editor ) => {
							if ( latest.current.insertion ) {
								latest.current.insertion.current = {
									insert( text ) {
										editor.dispatch( editor.state.replaceSelection( text ) );
										editor.focus();
									},
								};
							}
						},
					} ),
				],
			} ),
		} );
		return () => view.current.destroy();
		// eslint-disable-next-line react-hooks/exhaustive-deps -- made once; what changes is handed in below.
	}, [] );

	useEffect( () => {
		const now = view.current.state.doc.toString();
		if ( now !== value ) {
			view.current.dispatch( { changes: { from: 0, to: now.length, insert: value } } );
		}
	}, [ value ] );

	useEffect( () => view.current.dispatch( { effects: parts.current.language.reconfigure( language( contentType ) ) } ), [ contentType ] );

	const invalid = errors.some( ( error ) => error.severity !== 'warning' );
	useEffect( () => {
		const attributes = { 'aria-label': label, 'aria-describedby': `${ helpId } ${ describedBy ?? '' }`.trim(), 'aria-invalid': String( invalid ), 'aria-multiline': 'true' };
		view.current.dispatch( { effects: parts.current.attributes.reconfigure( EditorView.contentAttributes.of( attributes ) ) } );
	}, [ label, describedBy, helpId, invalid ] );

	const marks = JSON.stringify( errors );
	useEffect( () => {
		view.current.dispatch( setDiagnostics( view.current.state, diagnostics( view.current.state, JSON.parse( marks ) ) ) );
	}, [ marks, value ] );

	return (
		<div className={ `kh-editor ${ invalid ? 'is-invalid' : '' }` }>
			<div ref={ host } dir="ltr" />
			<ul id={ helpId } className="kh-editor__errors">
				{ errors.map( ( error, i ) => (
					<li key={ i } className={ error.severity === 'warning' ? '' : 'kh-field-error' }>
						{ error.text ?? error.message }
					</li>
				) ) }
			</ul>
		</div>
	);
}
