import { useEffect, useMemo, useRef } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import UPlot from 'uplot';
import { clock, milliseconds, number, shortDay } from '../base/format';

const AXIS = { stroke: '#50575e', grid: { stroke: '#e0e0e0', width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };

function tokens( element ) {
	const style = window.getComputedStyle( element );
	const read = ( name ) => style.getPropertyValue( name ).trim();
	return { good: read( '--kh-good' ), bad: read( '--kh-bad' ), line: read( '--wp-admin-theme-color' ) };
}

/** Stripes, so that failures are told from deliveries without colour. */
function stripes( context, colour ) {
	const tile = document.createElement( 'canvas' );
	tile.width = tile.height = 8;
	const pen = tile.getContext( '2d' );
	pen.fillStyle = '#fff';
	pen.fillRect( 0, 0, 8, 8 );
	pen.strokeStyle = colour;
	pen.lineWidth = 3;
	pen.beginPath();
	for ( const shift of [ -8, 0, 8 ] ) {
		pen.moveTo( shift, 8 );
		pen.lineTo( shift + 8, 0 );
	}
	pen.stroke();
	return context.createPattern( tile, 'repeat' );
}

function timeAxis( step ) {
	return {
		...AXIS,
		grid: { show: false },
		values: ( plot, splits ) =>
			splits.map( ( at ) => {
				const date = new Date( at * 1000 );
				return step === 'day' ? shortDay( date ) : clock( date );
			} ),
		space: 70,
	};
}

function countOptions( colours, step, size ) {
	const bars = UPlot.paths.bars( { size: [ 0.7, 48 ], align: 1 } );
	return {
		...size,
		padding: [ 12, 24, 0, 0 ],
		legend: { show: false },
		cursor: { show: false },
		scales: { x: { range: ( plot, min, max ) => [ min, max + ( step === 'day' ? 86400 : 3600 ) ] }, y: { range: ( plot, min, max ) => [ 0, Math.max( max, 4 ) ] } },
		axes: [ timeAxis( step ), { ...AXIS, size: 48, incrs: [ 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10000, 50000, 100000 ], values: ( plot, splits ) => splits.map( ( one ) => number( one ) ) } ],
		series: [
			{},
			{ paths: bars, fill: ( plot ) => stripes( plot.ctx, colours.bad ), stroke: colours.bad, width: 1, points: { show: false } },
			{ paths: bars, fill: colours.good, stroke: colours.good, width: 1, points: { show: false } },
		],
	};
}

function timeOptions( colours, step, size ) {
	return {
		...size,
		padding: [ 12, 24, 0, 0 ],
		legend: { show: false },
		cursor: { show: false },
		scales: { y: { range: ( plot, min, max ) => [ 0, Math.max( max, 10 ) ] } },
		axes: [ timeAxis( step ), { ...AXIS, size: 64, values: ( plot, splits ) => splits.map( milliseconds ) } ],
		series: [
			{},
			{ stroke: colours.line, width: 2, points: { show: true, size: 5 } },
			{ stroke: '#50575e', width: 2, dash: [ 6, 4 ], points: { show: true, size: 5 } },
		],
	};
}

function Plot( { options, data, height, label } ) {
	const place = useRef( null );
	useEffect( () => {
		const element = place.current;
		const plot = new UPlot( options( tokens( element ), { width: element.clientWidth, height } ), data, element );
		const watcher = new ResizeObserver( () => plot.setSize( { width: element.clientWidth, height } ) );
		watcher.observe( element );
		return () => {
			watcher.disconnect();
			plot.destroy();
		};
	}, [ options, data, height ] );
	return <div className="kh-chart" ref={ place } role="img" aria-label={ label } dir="ltr" style={ { minHeight: height } } />;
}

function Key( { kind, children } ) {
	return (
		<li>
			<span className={ `kh-key kh-key--${ kind }` } aria-hidden="true" /> { children }
		</li>
	);
}

/** What uPlot draws: times in seconds, and one list of values for each line. Failures stand on top of deliveries. */
function columns( series ) {
	const at = series.map( ( one ) => Date.parse( one.at ) / 1000 );
	return {
		// Nothing draws no line.
		counts: [ at, series.map( ( one ) => one.failed + one.succeeded || null ), series.map( ( one ) => one.succeeded || null ) ],
		times: [ at, series.map( ( one ) => one.p50_ms ), series.map( ( one ) => one.p95_ms ) ],
	};
}

export default function Chart( { series, step } ) {
	const succeeded = series.map( ( one ) => one.succeeded );
	const failed = series.map( ( one ) => one.failed );
	const sum = ( list ) => number( list.reduce( ( total, one ) => total + one, 0 ) );
	const timed = series.some( ( one ) => one.p50_ms !== null );
	const { counts, times } = useMemo( () => columns( series ), [ series ] );
	const countOptionsOf = useMemo( () => ( colours, size ) => countOptions( colours, step, size ), [ step ] );
	const timeOptionsOf = useMemo( () => ( colours, size ) => timeOptions( colours, step, size ), [ step ] );
	return (
		<>
			<ul className="kh-keys">
				<Key kind="good">{ __( 'Delivered', 'kivihook' ) }</Key>
				<Key kind="bad">{ __( 'Failed (striped)', 'kivihook' ) }</Key>
			</ul>
			<Plot
				options={ countOptionsOf }
				data={ counts }
				height={ 220 }
				label={ sprintf(
					/* translators: 1: deliveries, 2: failures */
					__( 'Bar chart: %1$s delivered, %2$s failed. “Show as table” has the numbers.', 'kivihook' ),
					sum( succeeded ),
					sum( failed )
				) }
			/>
			{ timed && (
				<>
					<ul className="kh-keys">
						<Key kind="p50">{ __( 'Answer time, median', 'kivihook' ) }</Key>
						<Key kind="p95">{ __( '95 of 100 within (dashed)', 'kivihook' ) }</Key>
					</ul>
					<Plot
						options={ timeOptionsOf }
						data={ times }
						height={ 140 }
						label={ __( 'Line chart of answer times. “Show as table” has the numbers.', 'kivihook' ) }
					/>
				</>
			) }
		</>
	);
}
