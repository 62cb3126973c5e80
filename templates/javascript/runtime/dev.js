import "./checks.js";
import { errors } from "./details.js";
import { Flickr } from "./flickr.js";

Flickr.errors = errors;
