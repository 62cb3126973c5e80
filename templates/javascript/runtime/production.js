/** The entry of the production edition: the client alone. */
import "./flickr.js";
