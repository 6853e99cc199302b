( function ( words ) {
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
		box.setAttribute( 'role', isError ? 'alert' : 'status' );
		box.style.cssText = 'position:fixed;top:1rem;left:50%;transform:translateX(-50%);width:min(40rem,90vw);' +
			'z-index:100000;display:flex;gap:1rem;justify-content:space-between;align-items:flex-start;padding:1rem;' +
			'background:#fff;color:#1e1e1e;border:1px solid #757575;border-inline-start:.4rem solid ' +
			( isError ? '#b32d2e' : '#2271b1' ) + ';border-radius:.25rem;box-shadow:0 4px 16px rgba(0,0,0,.25)';
		paragraph.textContent = text;
		paragraph.style.cssText = 'margin:0;white-space:pre-line;overflow-wrap:anywhere';
		close.type = 'button';
		close.textContent = '\u00d7';
		close.style.cssText = 'border:0;background:none;color:inherit;font-size:1.5rem;line-height:1';
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
			show( 'KiviHook: ' + decodeURIComponent( text ), isError );
		}
		return !! text;
	}

	// The Events Log of KiviCare 4.3 calls a global toast that it never imports: it stops there, and what was deleted
	// stays on the screen.
	if ( typeof window.toast === 'undefined' ) {
		window.toast = {
			success: function ( text ) {
				show( text, false );
			},
			error: function ( text ) {
				show( text, true );
			},
		};
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
} )( window.kivihookReasons );
