window.loaded = Flickr;
document.title = "loaded";
