// Instead of a part of WordPress' components that the page never shows.
export default null;
