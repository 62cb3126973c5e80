// Load a mirror with npm's flickrapi, and print the ids of its photos, albums and collections as JSON.
// Run it in a folder of its own: flickrapi makes a cache in the working folder.
import { createRequire } from "node:module";

const [folder] = process.argv.slice(2);
const load = createRequire(import.meta.url)("flickrapi/src/handlers/ia");
const result = load(folder, { loadPrivate: true });
const photos = Object.values(result.photos);
console.log(
  JSON.stringify({
    photos: result.photo_keys,
    photosets: result.photoset_keys,
    collections: result.collection_keys,
    commented: photos.filter((photo) => photo.comments).map((photo) => photo.id),
    inPhotosets: photos.filter((photo) => photo.sets).map((photo) => photo.id),
  }),
);
