// PHP as WebAssembly on files of this machine: node php-wasm.mjs VERSION ROOT FOLDER… -- ARGUMENT…
// VERSION is 8-0 and the like, ROOT where npm put @php-wasm; each FOLDER is seen under its own name, the first is the
// working folder. ARGUMENT… is the command line of php. Prints what it prints, and ends as it ends.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [ version, root, ...rest ] = process.argv.slice( 2 );
const folders = rest.slice( 0, rest.indexOf( '--' ) );
const load = async ( name ) => import( pathToFileURL( createRequire( `${ root }/` ).resolve( name ) ).href );
const { getPHPLoaderModule } = await load( `@php-wasm/node-${ version }` );
const { PHP, loadPHPRuntime } = await load( '@php-wasm/universal' );

const php = new PHP( await loadPHPRuntime( await getPHPLoaderModule(), {} ) );
for ( const folder of folders ) {
	php.mkdir( folder );
	await php.mount( folder, ( _, fs, place ) => {
		fs.mount( fs.filesystems.NODEFS, { root: folder }, place );
		return () => fs.unmount( place );
	} );
}
php.chdir( folders[ 0 ] );
const ended = await php.cli( [ 'php', ...rest.slice( rest.indexOf( '--' ) + 1 ) ] );
process.stdout.write( await ended.stdoutText );
process.stderr.write( await ended.stderrText );
process.exit( await ended.exitCode );
