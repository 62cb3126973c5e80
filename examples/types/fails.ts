/** Mistakes that TypeScript finds: each marked line gives the error code it names. */
import Flickr from "../../browser_dist/flickrapi.js";

const flickr = Flickr.tokenOnly({ api_key: "your key" });
const ids = new Map([["panda", "1"]]);

new Flickr({}); // TS2345
new Flickr({ api_key: ids.get("key") }); // TS2345
flickr.photos.getInfo(); // TS2554
flickr.photos.getInfo({}); // TS2741
flickr.photos.getInfo({ photoid: "1" }); // TS2561
flickr.photos.getInfo({ photo_id: undefined }); // TS2322
flickr.photos.getInfo({ photo_id: null }); // TS2322
flickr.photos.getInfo({ photo_id: ids.get("panda") }); // TS2322
flickr.photos.search({ text: { word: "panda" } }); // TS2769
flickr.photos.search({ sort: "relevant" }); // TS2769
flickr.photos.search({ safe_search: 4 }); // TS2769
flickr.photos.search({ page: true }); // TS2769
flickr.photos.search({ min_upload_date: false }); // TS2769
flickr.people.getPhotos({ user_id: "1@N00", content_types: ["0", "7"] }); // TS2322
flickr.photos.setPerms({ photo_id: "1", is_public: 2, is_friend: 0, is_family: 0 }); // TS2322
flickr.photos.delete({ photo_id: "1", authenticated: "yes" }); // TS2322
flickr.photos.serach({ text: "panda" }); // TS2551
Flickr.photoURL({ id: "1" }, "huge"); // TS2345
Flickr.tokenOnly({ endpoint: "/services/rest/" }); // TS2322
new Flickr({ api_key: "your key", secret: "never in a page" }); // TS2322
flickr.options.api_key = "another"; // TS2540
flickr.photos.search({ text: "panda" }, { signal: true }); // TS2769
flickr.photos.search({ text: "panda" }).then((answer) => {
  console.log(answer.photos.photo.map((photo) => photo.titel)); // TS2551
  console.log(answer.stat === "fail"); // TS2367
  console.log(answer.photos.photo[0]?.url_m.length); // TS2532
  console.log(answer.photos.total + 1 > 0); // TS2365
  console.log(answer.photos.photo[0]?.ispublic === "1"); // TS2367
});
flickr.photos.getPopular().then((answer) => {
  console.log(answer.photos.photo); // TS18046
});
flickr.photos.getInfo.all({ photo_id: "1" }); // TS2339
flickr.call("flickr.photos.getRecent").then((answer) => console.log(answer.photo)); // TS2551
