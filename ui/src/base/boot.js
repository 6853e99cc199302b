/** What the page's element says about the site: see docs/rest.md, "The page". */
export const root = document.getElementById( 'kivihook-root' );

export const boot = root ? JSON.parse( root.dataset.boot ) : {};
