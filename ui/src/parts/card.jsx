import { useId } from '@wordpress/element';

/** A group of things under one heading. */
export function Card( { title, note, actions, className = '', level = 3, children } ) {
	const id = useId();
	const Heading = `h${ level }`;
	return (
		<section className={ `kh-card ${ className }` } aria-labelledby={ title ? id : undefined }>
			{ title && (
				<div className="kh-card__head">
					<Heading id={ id }>{ title }</Heading>
					{ actions && <div className="kh-buttons">{ actions }</div> }
				</div>
			) }
			{ note && <p className="kh-note">{ note }</p> }
			{ children }
		</section>
	);
}
