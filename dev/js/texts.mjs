// Texts that can be translated, out of JavaScript and PHP.

import { parse } from '@babel/parser';
import traverseModule from '@babel/traverse';
import PhpParser from 'php-parser';

const traverse = traverseModule.default ?? traverseModule;

// Name of the function → where its texts, its context and its domain stand.
const FUNCTIONS = {
	__: { text: 0, domain: 1 },
	_x: { text: 0, context: 1, domain: 2 },
	_n: { text: 0, plural: 1, domain: 3 },
	_nx: { text: 0, plural: 1, context: 3, domain: 4 },
};
const PHP_FUNCTIONS = {
	...FUNCTIONS,
	_e: FUNCTIONS.__,
	esc_html__: FUNCTIONS.__,
	esc_attr__: FUNCTIONS.__,
	esc_html_e: FUNCTIONS.__,
	esc_attr_e: FUNCTIONS.__,
	esc_html_x: FUNCTIONS._x,
	esc_attr_x: FUNCTIONS._x,
	_n_noop: { text: 0, plural: 1, domain: 2 },
};

function found( shape, values, comment, reference ) {
	return {
		domain: values[ shape.domain ] ?? null,
		text: values[ shape.text ],
		plural: shape.plural === undefined ? null : values[ shape.plural ],
		context: shape.context === undefined ? '' : values[ shape.context ] ?? '',
		comment,
		reference,
	};
}

function literal( node ) {
	if ( node?.type === 'StringLiteral' ) {
		return node.value;
	}
	if ( node?.type === 'TemplateLiteral' && node.expressions.length === 0 ) {
		return node.quasis[ 0 ].value.cooked;
	}
	if ( node?.type === 'BinaryExpression' && node.operator === '+' ) {
		const [ left, right ] = [ literal( node.left ), literal( node.right ) ];
		return left === null || right === null ? null : left + right;
	}
	return null;
}

/** `__`, `i18n.__`, `(0, i18n.__)` as bundlers write it. */
function calledName( callee ) {
	if ( callee.type === 'SequenceExpression' ) {
		return calledName( callee.expressions.at( -1 ) );
	}
	return callee.type === 'Identifier' ? callee.name : callee.type === 'MemberExpression' && ! callee.computed ? callee.property.name : '';
}

export function fromJavaScript( source, name ) {
	const texts = [];
	const tree = parse( source, { sourceType: 'unambiguous', plugins: [ 'jsx' ], errorRecovery: true } );
	const comments = ( tree.comments ?? [] ).filter( ( one ) => /translators:/i.test( one.value ) );
	traverse( tree, {
		CallExpression( { node } ) {
			const shape = FUNCTIONS[ calledName( node.callee ) ];
			const values = node.arguments.map( literal );
			if ( ! shape || typeof values[ shape.text ] !== 'string' || values[ shape.text ] === '' ) {
				return;
			}
			const line = node.loc.start.line;
			const comment = comments.filter( ( one ) => one.loc.end.line <= line && one.loc.end.line >= line - 2 ).at( -1 );
			texts.push( found( shape, values, comment ? comment.value.replace( /^[\s*]*translators:\s*/i, '' ).trim() : '', `${ name }:${ line }` ) );
		},
	} );
	return texts;
}

function phpLiteral( node ) {
	if ( node?.kind === 'string' ) {
		return node.value;
	}
	if ( node?.kind === 'bin' && node.type === '.' ) {
		const [ left, right ] = [ phpLiteral( node.left ), phpLiteral( node.right ) ];
		return left === null || right === null ? null : left + right;
	}
	return null;
}

export function fromPhp( source, name ) {
	const texts = [];
	const parser = new PhpParser( { parser: { extractDoc: true, suppressErrors: true, version: 800 }, ast: { withPositions: true } } );
	const tree = parser.parseCode( source, name );
	const comments = ( tree.comments ?? [] ).filter( ( one ) => /translators:/i.test( one.value ) );
	const visit = ( node ) => {
		if ( node === null || typeof node !== 'object' ) {
			return;
		}
		if ( node.kind === 'call' && typeof node.what?.name === 'string' ) {
			const shape = PHP_FUNCTIONS[ node.what.name.replace( /^\\/, '' ) ];
			const values = shape ? node.arguments.map( phpLiteral ) : [];
			if ( shape && typeof values[ shape.text ] === 'string' && values[ shape.text ] !== '' ) {
				const line = node.loc.start.line;
				const comment = comments.filter( ( one ) => one.loc.end.line <= line && one.loc.end.line >= line - 2 ).at( -1 );
				texts.push( found( shape, values, comment ? comment.value.replace( /^\/[*/]+\s*|\s*\*\/$/g, '' ).replace( /^translators:\s*/i, '' ) : '', `${ name }:${ line }` ) );
			}
		}
		for ( const [ key, child ] of Object.entries( node ) ) {
			if ( key !== 'loc' && key !== 'comments' && key !== 'leadingComments' ) {
				visit( child );
			}
		}
	};
	visit( tree );
	return texts;
}
