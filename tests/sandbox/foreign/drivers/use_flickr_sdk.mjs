// Run all functions of flickr-sdk, and write the answers to standard output.
import { APIKeyAuth, createFlickr, OAuthAuth } from "flickr-sdk";

const { file } = JSON.parse(process.argv[2]);
const {
  FLICKR_API_KEY: key,
  FLICKR_SECRET: secret,
  FLICKR_ACCESS_TOKEN: token,
  FLICKR_ACCESS_TOKEN_SECRET: tokenSecret,
} = process.env;

const client = (...tokens) => createFlickr(new OAuthAuth(key, secret, ...tokens));
const reportError = (call) =>
  call.catch((error) => ({ error: error.message, cause: error.cause?.code }));

async function signIn() {
  const { oauth } = client(false, false);
  const { requestToken, requestTokenSecret } = await oauth.request("oob");
  const page = await fetch(oauth.authorizeUrl(requestToken, "write"), {
    method: "POST",
    body: new URLSearchParams({ answer: "allow" }),
  });
  const [code] = (await page.text()).match(/\d{3}-\d{3}-\d{3}/);
  const person = await client(requestToken, requestTokenSecret).oauth.verify(code);
  const { flickr } = client(person.oauthToken, person.oauthTokenSecret);
  return { nsid: person.nsid, login: await flickr("flickr.test.login", {}) };
}

const { flickr: open } = createFlickr(new APIKeyAuth(key));
const { flickr, upload, replace } = client(token, tokenSecret);
const uploaded = await upload(file, { title: "Grüße & +", tags: "sea 'n' sand", is_public: "0" });
await flickr("flickr.photos.setMeta", {
  photo_id: uploaded.id,
  title: "neu ü",
  description: "a b+c",
});
const results = {
  echo: await open("flickr.test.echo", { text: "grüße + 100% ~!*'()" }),
  search: await open("flickr.photos.search", { text: "lagoon", per_page: "2" }),
  unknown: await reportError(open("flickr.photos.getInfo", { photo_id: "1" })),
  login: await flickr("flickr.test.login", {}),
  uploaded,
  info: await flickr("flickr.photos.getInfo", { photo_id: uploaded.id }),
  replaced: await replace(uploaded.id, file),
  wrongSecret: await reportError(client(token, "wrong").flickr("flickr.test.login", {})),
  signIn: await signIn(),
};
process.stdout.write(JSON.stringify(results));
