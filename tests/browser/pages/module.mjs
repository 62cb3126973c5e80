const { default: Flickr, FlickrError } = await import(document.body.dataset.bundle);
window.loaded = Flickr;
window.sameError = FlickrError === Flickr.FlickrError;
document.title = "loaded";
