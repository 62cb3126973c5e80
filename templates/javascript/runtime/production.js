import "./flickr.js";
