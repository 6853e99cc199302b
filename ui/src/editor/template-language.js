import { HighlightStyle } from '@codemirror/language';
import { Decoration, EditorView, MatchDecorator, ViewPlugin } from '@codemirror/view';
import { tags as kinds } from '@lezer/highlight';

/** What the code editor knows of Mustache: tags in the text, names and filters to complete, places of mistakes. */

export const colours = HighlightStyle.define( [
	{ tag: [ kinds.propertyName, kinds.tagName ], color: '#0a4b78' },
	{ tag: [ kinds.string, kinds.attributeValue ], color: '#22630f' },
	{ tag: [ kinds.number, kinds.bool, kinds.null ], color: '#8a2424' },
	{ tag: [ kinds.attributeName ], color: '#6c3d0c' },
	{ tag: [ kinds.comment ], color: '#50575e', fontStyle: 'italic' },
] );

const tagMarks = new MatchDecorator( {
	regexp: /\{\{\{[^}]*\}\}\}|\{\{[^}]*\}\}/g,
	decoration: ( match ) => Decoration.mark( { class: /^\{\{[#^/!]/.test( match[ 0 ] ) ? 'kh-tag kh-tag--section' : 'kh-tag' } ),
} );

export const tags = ViewPlugin.fromClass(
	class {
		constructor( view ) {
			this.decorations = tagMarks.createDeco( view );
		}
		update( update ) {
			this.decorations = tagMarks.updateDeco( update, this.decorations );
		}
	},
	{ decorations: ( plugin ) => plugin.decorations }
);

export function theme( minHeight ) {
	return EditorView.theme( {
		'&': { fontSize: '13px', backgroundColor: '#fff' },
		'&.cm-focused': { outline: 'none' },
		'.cm-scroller': { fontFamily: 'Menlo, Consolas, monaco, monospace', lineHeight: '1.5', minHeight },
		'.cm-gutters': { backgroundColor: '#f6f7f7', color: '#50575e', border: 'none' },
		'.cm-tooltip': { zIndex: 100000 },
	} );
}

/** Inside an open {{ … : [ where the name begins, what is typed of it, is it behind a pipe? ]. */
function opened( context ) {
	const line = context.state.doc.lineAt( context.pos );
	const before = line.text.slice( 0, context.pos - line.from );
	const match = /\{\{\{?[#^/&]?\s*([^{}]*)$/.exec( before );
	if ( ! match ) {
		return null;
	}
	const pipe = match[ 1 ].lastIndexOf( '|' );
	const typed = /[\w.]*$/.exec( match[ 1 ] )[ 0 ];
	return { from: context.pos - typed.length, filter: pipe >= 0, inArgument: pipe >= 0 && match[ 1 ].slice( pipe ).includes( ':' ) };
}

/** Writes the closing braces as well, unless they are there. */
function withBraces( name, state, to ) {
	return /^\s*(\||\})/.test( state.sliceDoc( to, to + 20 ) ) ? name : `${ name }}}`;
}

export function completeTemplate( context, { variables, filters } ) {
	const place = opened( context );
	if ( ! place || place.inArgument ) {
		return null;
	}
	const options = place.filter
		? filters.map( ( filter ) => ( { label: filter.name, detail: filter.usage, info: filter.label, type: 'function' } ) )
		: variables.map( ( variable ) => ( {
				label: variable.name,
				detail: variable.label,
				info: sampleText( variable.sample ),
				type: 'variable',
				apply: ( view, completion, from, to ) => {
					const text = withBraces( variable.name, view.state, to );
					view.dispatch( { changes: { from, to, insert: text }, selection: { anchor: from + text.length } } );
				},
		  } ) );
	return { from: place.from, options, validFor: /^[\w.]*$/ };
}

export function sampleText( sample ) {
	if ( sample === null || sample === undefined ) {
		return '';
	}
	return typeof sample === 'string' ? sample : JSON.stringify( sample );
}

/** From line and column to a range that can be underlined: to the end of the word or tag, at least one character. */
export function place( doc, number, column ) {
	const line = doc.line( Math.min( Math.max( 1, number ), doc.lines ) );
	// The engine counts characters; the editor counts UTF-16 units.
	const units = Array.from( line.text ).slice( 0, Math.max( 0, ( column || 1 ) - 1 ) ).join( '' ).length;
	const from = Math.min( line.from + units, line.to );
	const rest = line.text.slice( from - line.from );
	const length = ( /^\{\{\{?[^}]*\}*|^[\w.]+|^./.exec( rest ) ?? [ '' ] )[ 0 ].length;
	const to = Math.min( from + length, line.to );
	return to > from ? { from, to } : { from: Math.max( line.from, from - 1 ), to: from };
}
