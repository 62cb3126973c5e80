import Flickr, { FlickrError } from "/dist/BUNDLE";

window.loaded = Flickr;
window.sameError = FlickrError === Flickr.FlickrError;
document.title = "loaded";
