function ( words ) {
	'use strict';

	function show( text, isError ) {
		var box = document.createElement( 'div' );
		var close = document.createElement( 'button' );
		var paragraph = document.createElement( 'p' );
		var old = document.getElementById( 'kivihook-reason' );
		if ( old ) {
			old.remove();
		}
		box.id = 'kivihook-reason';
		box.className = 'alert ' + ( isError ? 'alert-danger' : 'alert-info' );
		box.setAttribute( 'role', isError ? 'alert' : 'status' );
		box.style.cssText = 'position:fixed;inset-inline-end:1rem;bottom:1rem;max-width:36rem;z-index:100000;' +
			'display:flex;gap:1rem;align-items:flex-start;margin:0;box-shadow:0 4px 16px rgba(0,0,0,.25)';
		paragraph.textContent = 'KiviHook: ' + text;
		paragraph.style.cssText = 'margin:0;white-space:pre-line;overflow-wrap:anywhere';
		close.type = 'button';
		close.className = 'btn-close';
		close.setAttribute( 'aria-label', words.close );
		close.addEventListener( 'click', function () {
			box.remove();
		} );
		box.append( paragraph, close );
		document.body.append( box );
	}

	function read( request, header, isError ) {
		var text = request.getResponseHeader( header );
		if ( text ) {
			show( decodeURIComponent( text ), isError );
		}
		return !! text;
	}

	var open = XMLHttpRequest.prototype.open;
	XMLHttpRequest.prototype.open = function ( method, url ) {
		if ( /kivicare(\/|%2F)v1(\/|%2F)webhook/i.test( String( url ) ) ) {
			this.addEventListener( 'load', function () {
				if ( ! read( this, words.reasonHeader, true ) ) {
					read( this, words.noteHeader, false );
				}
			} );
		}
		return open.apply( this, arguments );
	};
}
