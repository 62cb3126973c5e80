// Use npm's flickrapi: `sign-in`, `upload FILE`, `downsync FOLDER REMOVE_DELETED`, or `load FOLDER LOAD_PRIVATE`.
const Flickr = require("flickrapi");

const [step, path, flag] = process.argv.slice(2);
const { env } = process;
const key = { api_key: env.FLICKR_API_KEY, secret: env.FLICKR_SECRET, progress: false };
const token = {
  user_id: env.FLICKR_USER_ID,
  access_token: env.FLICKR_ACCESS_TOKEN,
  access_token_secret: env.FLICKR_ACCESS_TOKEN_SECRET,
};

function fail(error) {
  console.error(error);
  process.exit(1);
}

const steps = {
  "sign-in": () =>
    Flickr.authenticate(
      { ...key, permissions: "delete", nobrowser: true, silent: true },
      (error, flickr) => {
        if (error) fail(error);
        flickr.test.login({}, (failed, result) => {
          if (failed) fail(failed);
          console.log(`signed in as ${result.user.id}`);
          process.exit(0);
        });
      },
    ),
  upload: () =>
    Flickr.authenticate({ ...key, ...token }, (error, flickr) => {
      if (error) fail(error);
      const photo = { photo: path, title: 'It\'s "quoted"', tags: ["happy fox", "test 1"] };
      Flickr.upload({ photos: [photo] }, flickr.options, (failed, ids) => {
        if (failed) fail(failed);
        console.log(JSON.stringify(ids));
        process.exit(0);
      });
    }),
  downsync: () =>
    Flickr.authenticate(
      { ...key, ...token, removeDeleted: flag === "true" },
      Flickr.downsync(path, flag === "true"),
    ),
  // Without the photos beside each photo in its sets, which refer to each other.
  load: () => {
    const mirror = Flickr.loadLocally(path, { loadPrivate: flag === "true" });
    for (const photo of Object.values(mirror.photos)) {
      photo.sets = (photo.sets ?? []).map((set) => set.id);
    }
    delete mirror.dirstructure;
    console.log(JSON.stringify(mirror));
  },
};
steps[step]();
