/** A number, or its text: which of them comes differs from method to method. */
export type Numeric = number | string;

/** Seconds since 1970, UTC. */
export type UnixSeconds = Numeric;

/** A MySQL date-time, `2001-02-03 04:05:06`, in the photo's own time zone. */
export type DateTime = string;

/** How exact a date is: 0 to the second, 4 the month, 6 the year, 8 about then. */
export type Granularity = Numeric;

export type Degrees = Numeric;
export type Media = "photo" | "video";

/** Yes or no. The text `"0"` is true in an `if`, so compare `Number(flag) === 1`. */
export type Flag = 0 | 1 | "0" | "1" | boolean;

/** A text that comes wrapped. */
export interface Content {
  _content: string;
}

/** A number that comes wrapped. */
export interface NumericContent {
  _content: Numeric;
}

/** An answer of a call that went well. */
export type Ok<T> = T & { stat: "ok" };

/** Where in a listing a page is. */
export interface Paging {
  page: Numeric;
  /** How many pages there are; 0 where nothing was found. */
  pages: Numeric;
  /** Items a page; some methods write `per_page`, some both. */
  perpage?: Numeric;
  per_page?: Numeric;
  /** How many items there are on all pages. */
  total: Numeric;
}

/** Where a person's icon is kept. */
export interface Icon {
  iconserver?: Numeric;
  iconfarm?: Numeric;
}

/** Who may see something. */
export interface Visibility {
  ispublic: Flag;
  isfriend: Flag;
  isfamily: Flag;
}

/** From 0, nobody but the owner, to 3, everybody. */
export interface PhotoPermissions {
  permcomment: Numeric;
  permaddmeta: Numeric;
}

// Listings of photos

/** The sizes that `extras` know, as in `url_sq`. */
export type ExtraSize =
  | ("sq" | "q" | "t" | "s" | "n" | "w" | "m" | "z" | "c" | "l")
  | ("h" | "k" | "3k" | "4k" | "5k" | "6k" | "o");

/** Addresses by size; a photo lacks the sizes that are larger than itself. */
export type UrlExtras = { [K in `url_${ExtraSize}`]?: string };

/** Heights and widths by size, in pixels. */
export type DimensionExtras = { [K in `${"height" | "width"}_${ExtraSize}`]?: Numeric };

/** A place on the map. */
export interface GeoPoint {
  latitude: Degrees;
  longitude: Degrees;
  /** From 1, the world, to 16, a street. */
  accuracy: Numeric;
  /** 0 not said, 1 indoors, 2 outdoors. */
  context?: Numeric;
  place_id?: string;
  woeid?: Numeric;
}

/** What `geo` adds; a photo without a place has 0 in the first four, and none of the rest. */
export type GeoExtras = Partial<GeoPoint> & {
  [K in `geo_is_${"public" | "contact" | "friend" | "family"}`]?: Flag;
};

/** What the argument `extras` adds to the photos of a listing. */
export interface PhotoExtras extends UrlExtras, DimensionExtras, GeoExtras, Icon {
  description?: Content;
  license?: Numeric;
  safety_level?: Numeric;
  dateupload?: UnixSeconds;
  lastupdate?: UnixSeconds;
  datetaken?: DateTime;
  datetakengranularity?: Granularity;
  datetakenunknown?: Flag;
  /** Of `owner_name`. */
  ownername?: string;
  realname?: string;
  /** Of `original_format`, where the original may be seen. */
  originalsecret?: string;
  originalformat?: string;
  /** Of `o_dims`: the original's pixels. */
  o_width?: Numeric;
  o_height?: Numeric;
  /** Separated by spaces, as `machine_tags`. */
  tags?: string;
  machine_tags?: string;
  views?: Numeric;
  count_comments?: Numeric;
  count_faves?: Numeric;
  media?: Media;
  media_status?: string;
  /** Of `path_alias`: the owner's name in addresses, `null` where none was chosen. */
  pathalias?: string | null;
}

/** What the addresses of a photo are made from. */
export interface PhotoFile {
  id: string;
  secret: string;
  server: string;
  farm: number;
}

/** What every photo of every listing has. */
export interface PhotoStub extends PhotoFile {
  title: string;
}

/** A photo of a listing. */
export interface ListedPhoto extends PhotoStub, Visibility, PhotoExtras {
  /** The owner's NSID. */
  owner: string;
}

/** A page of photos, in the form that most listings have. */
export type PhotosAnswer = Ok<{ photos: Paging & { photo: ListedPhoto[] } }>;

export type PhotosSearchAnswer = PhotosAnswer;

/** A page of photos of one's contacts, with the screen names of their owners. */
export type ContactsPhotosAnswer = Ok<{
  photos: Paging & { photo: (ListedPhoto & { username: string })[] };
}>;

/** A page of favorites. */
export type FavoritesAnswer = Ok<{
  photos: Paging & { photo: (ListedPhoto & { date_faved?: UnixSeconds })[] };
}>;

/** A page of photos that show a person; of others than oneself it may not be counted. */
export type PhotosOfAnswer = Ok<{
  photos: Partial<Paging> & {
    photo: ListedPhoto[];
    /** Comes in place of `pages` and `total`. */
    has_next_page?: Flag;
  };
}>;

// A photo

/** Who put a photo there. */
export interface PhotoOwner extends Icon {
  nsid: string;
  username: string;
  realname?: string;
  location?: string | null;
  path_alias?: string | null;
}

/** A tag of a photo. */
export interface PhotoTag {
  id: string;
  /** NSID of who put it there. */
  author: string;
  authorname?: string;
  /** As it was typed. */
  raw: string;
  /** As Flickr compares it: small letters, no spaces. */
  _content: string;
  machine_tag: Flag;
}

/** A box with a text on a photo; its place and size are in pixels of the 500 pixel size. */
export interface PhotoNote {
  id: string;
  /** NSID of who wrote it. */
  author: string;
  authorname: string;
  x: Numeric;
  y: Numeric;
  w: Numeric;
  h: Numeric;
  _content: string;
}

/** Where a photo was taken. */
export type PhotoLocation = GeoPoint & {
  [K in "neighbourhood" | "locality" | "county" | "region" | "country"]?: Content;
};

/** How far a video is. */
export interface VideoState {
  ready: Flag;
  failed: Flag;
  pending: Flag;
  /** Seconds. */
  duration: Numeric;
  width: Numeric | null;
  height: Numeric | null;
}

/** A photo in full; how much comes depends on who asks. */
export interface PhotoInfo extends PhotoFile {
  dateuploaded: UnixSeconds;
  isfavorite: Flag;
  license: Numeric;
  safety_level: Numeric;
  /** Degrees clockwise: 0, 90, 180 or 270. */
  rotation: Numeric;
  /** Where the original may be seen. */
  originalsecret?: string;
  originalformat?: string;
  owner: PhotoOwner;
  title: Content;
  description: Content;
  visibility: Visibility;
  dates: {
    posted: UnixSeconds;
    taken: DateTime;
    takengranularity: Granularity;
    takenunknown?: Flag;
    lastupdate: UnixSeconds;
  };
  /** For the owner alone. */
  permissions?: PhotoPermissions;
  views: Numeric;
  /** What the one who asks may do. */
  editability: { cancomment: Flag; canaddmeta: Flag };
  /** What everybody may do. */
  publiceditability: { cancomment: Flag; canaddmeta: Flag };
  usage: { candownload: Flag; canblog: Flag; canprint: Flag; canshare: Flag };
  /** Their number. */
  comments: NumericContent;
  notes: { note: PhotoNote[] };
  people?: { haspeople: Flag };
  tags: { tag: PhotoTag[] };
  location?: PhotoLocation;
  geoperms?: Visibility & { iscontact: Flag };
  urls: { url: { type: string; _content: string }[] };
  media: Media;
  video?: VideoState;
}

export type PhotoInfoAnswer = Ok<{ photo: PhotoInfo }>;

/** A file of a photo or video, in one size. */
export interface PhotoSize {
  label: string;
  width: Numeric | null;
  height: Numeric | null;
  /** The file itself. */
  source: string;
  /** The page that shows it. */
  url: string;
  media: Media;
}

/** The sizes of a photo, from small to large, and what the one who asks may do with it. */
export type SizesAnswer = Ok<{
  sizes: { canblog: Flag; canprint: Flag; candownload: Flag; size: PhotoSize[] };
}>;

/** Something that the camera wrote into the file. */
export interface ExifEntry {
  tagspace: string;
  tagspaceid: Numeric;
  tag: string;
  label: string;
  raw: Content;
  /** The same for readers, where Flickr knows how. */
  clean?: Content;
}

/** `camera` is empty where it is not known. */
export type ExifAnswer = Ok<{ photo: PhotoFile & { camera: string; exif: ExifEntry[] } }>;

/** The photo before or after another. */
export interface Neighbour extends PhotoStub {
  owner?: string;
  /** A path, without the host. */
  url: string;
  /** The address of the small square. */
  thumb: string;
  media: Media;
  license: Numeric | null;
  is_faved?: Flag;
}

/** What comes where there is no photo before or after: `id === 0` tells it. */
export interface NoNeighbour {
  id: 0;
  is_faved?: Flag;
}

/** A photo's neighbours, in the photostream or in a photoset. */
export type ContextAnswer = Ok<{
  /** How many photos there are. */
  count: NumericContent;
  prevphoto: Neighbour | NoNeighbour;
  nextphoto: Neighbour | NoNeighbour;
}>;

/** Somebody who likes a photo. */
export interface Admirer extends Icon {
  nsid: string;
  username: string;
  realname?: string;
  favedate: UnixSeconds;
}

export type PhotoFavoritesAnswer = Ok<{ photo: Paging & PhotoFile & { person?: Admirer[] } }>;

export type PhotoPermsAnswer = Ok<{
  perms: Visibility & PhotoPermissions & { id: string; permprint?: Numeric };
}>;

/** How many photos there are between dates, which come back in the form they were given in. */
export type PhotoCountsAnswer = Ok<{
  photocounts: { photocount: { count: Numeric; fromdate: string; todate: string }[] };
}>;

/** What a photo is called now; older answers hold nothing. */
export type SetMetaAnswer = Ok<{ photo?: { title: Content; description: Content } }>;

/** A comment below a photo. */
export interface PhotoComment extends Icon {
  id: string;
  /** NSID of who wrote it. */
  author: string;
  authorname: string;
  author_is_deleted?: Flag;
  realname?: string;
  path_alias?: string | null;
  datecreate: UnixSeconds;
  permalink: string;
  /** The text; may hold HTML. */
  _content: string;
}

export type CommentsAnswer = Ok<{ comments: { photo_id: string; comment?: PhotoComment[] } }>;

export type LicensesAnswer = Ok<{
  /** The address is empty where there is none to read. */
  licenses: { license: { id: Numeric; name: string; url: string }[] };
}>;

/** How far an upload with `async` is. */
export interface UploadTicket {
  id: string;
  /** 0 not yet, 1 done, 2 failed. */
  complete?: Numeric;
  /** There is no such ticket. */
  invalid?: Flag;
  photoid?: string;
  imported?: UnixSeconds;
}

export type TicketsAnswer = Ok<{ uploader: { ticket: UploadTicket[] } }>;

// Photosets

/** What every photoset has, wherever it comes from. */
export interface PhotosetStub {
  id: string;
  /** Id of the photo that stands for it, whose `secret`, `server` and `farm` these are. */
  primary: string;
  secret: string;
  server: string;
  farm: number;
  title: Content;
  description: Content;
  photos: Numeric;
  count_views: Numeric;
  count_comments: Numeric;
  can_comment: Flag;
  date_create: UnixSeconds;
  /** 0 where it never changed. */
  date_update: UnixSeconds;
  needs_interstitial?: Flag;
  visibility_can_see_set?: Flag;
}

/** A photoset of a listing. */
export interface ListedPhotoset extends PhotosetStub {
  owner?: string;
  username?: string;
  videos: Numeric;
  /** What `primary_photo_extras` asked for. */
  primary_photo_extras?: PhotoExtras;
  /** Of the photos that `photo_ids` named, those in the set. */
  has_requested_photos?: string[];
  /** Which of `sort_groups` it belongs to. */
  sort_group?: string | null;
}

export type PhotosetsAnswer = Ok<{
  photosets: Paging & { cancreate: Flag; photoset: ListedPhotoset[] };
}>;

export type PhotosetInfoAnswer = Ok<{
  photoset: PhotosetStub & {
    owner: string;
    username?: string;
    /** Without videos, unlike `photos`. */
    count_photos: Numeric;
    count_videos: Numeric;
    coverphoto_server?: Numeric;
    coverphoto_farm?: Numeric;
  };
}>;

/** A photo of a photoset; the owner is told of the set alone. */
export interface PhotosetPhoto extends PhotoStub, Partial<Visibility>, PhotoExtras {
  isprimary: Flag;
}

export type PhotosetPhotosAnswer = Ok<{
  photoset: Paging & {
    id: string;
    primary: string;
    owner: string;
    ownername: string;
    title?: string;
    photo: PhotosetPhoto[];
  };
}>;

export type PhotosetCreateAnswer = Ok<{ photoset: { id: string; url: string } }>;

// People, contacts, groups, galleries

/** Who somebody is. */
export type UserAnswer = Ok<{ user: { id: string; nsid?: string; username: Content } }>;

/** A person, as far as the one who asks may know. */
export interface Person extends Icon {
  id: string;
  nsid: string;
  ispro: Flag;
  is_deleted?: Flag;
  has_stats?: Flag;
  /** The name in addresses, `null` where none was chosen. */
  path_alias: string | null;
  username: Content;
  realname?: Content;
  mbox_sha1sum?: Content;
  location?: Content;
  description?: Content;
  /** `offset` is from UTC, as `+01:00`. */
  timezone?: { label: string; offset: string };
  photosurl: Content;
  profileurl: Content;
  mobileurl?: Content;
  photos: {
    /** A `DateTime`. */
    firstdatetaken?: Content;
    /** `UnixSeconds`. */
    firstdate?: NumericContent;
    count: NumericContent;
    views?: NumericContent;
  };
  upload_count?: Numeric;
  upload_limit?: Numeric;
  upload_limit_status?: string;
  all_rights_reserved_photos_count?: Numeric;
  is_cognito_user?: Flag;
  has_adfree?: Flag;
  has_free_standard_shipping?: Flag;
  has_free_educational_resources?: Flag;
}

export type PersonAnswer = Ok<{ person: Person }>;

/** Bytes under a name `B`, and bytes and kilobytes under `Nbytes` and `Nkb`. */
export type ByteCounts<B extends string, N extends string> = {
  [K in B | `${N}${"bytes" | "kb"}`]: Numeric;
};

/** What one may still upload this month. */
export type UploadStatusAnswer = Ok<{
  user: {
    id: string;
    ispro: Flag;
    username: Content;
    bandwidth: ByteCounts<"max" | "used", "max" | "used" | "remaining"> & { unlimited: Flag };
    /** The largest photo. */
    filesize: ByteCounts<"max", "max"> & { maxmb: Numeric };
    /** The largest video. */
    videosize: ByteCounts<never, "max"> & { maxmb: Numeric };
    /** `remaining` may be the text `lots`, here and below. */
    sets: { created: Numeric | null; remaining: Numeric };
    videos: { uploaded: Numeric; remaining: Numeric };
  };
}>;

/** The parts of a profile that are plain text. */
export type ProfileText =
  | ("first_name" | "last_name" | "email" | "profile_description" | "occupation")
  | ("hometown" | "city" | "country")
  | ("website" | "facebook" | "twitter" | "tumblr" | "instagram" | "pinterest");

/** What somebody tells of themselves; what they left out is absent or empty. */
export type ProfileAnswer = Ok<{
  profile: {
    id: string;
    nsid: string;
    join_date?: UnixSeconds;
    /** The id of a photoset. */
    showcase_set?: string;
    showcase_set_title?: string;
  } & { [K in ProfileText]?: string };
}>;

/** Somebody one follows. */
export interface Contact extends Icon {
  nsid: string;
  username: string;
  realname?: string;
  location?: string;
  path_alias?: string | null;
  friend: Flag;
  family: Flag;
  ignored: Flag;
  /** Whether they ignore the one who asks. */
  rev_ignored?: Flag;
}

export type ContactsAnswer = Ok<{ contacts: Paging & { contact?: Contact[] } }>;

/** A group that was found. */
export interface FoundGroup extends Icon {
  nsid: string;
  name: string;
  eighteenplus: Flag;
  members?: Numeric;
  pool_count?: Numeric;
  topic_count?: Numeric;
  /** 1 private, 2 by invitation, 3 open. */
  privacy?: Numeric;
}

export type GroupsSearchAnswer = Ok<{
  groups: Paging & { group?: FoundGroup[]; adj_search_args?: unknown };
}>;

/** A gallery: somebody's choice of other people's photos. */
export interface Gallery extends Icon {
  /** `USER-NUMBER`: what methods take as `gallery_id`. */
  id: string;
  /** The number in the gallery's address. */
  gallery_id?: string;
  url: string;
  owner: string;
  username?: string;
  title: Content;
  description: Content;
  primary_photo_id: string;
  primary_photo_server: string;
  primary_photo_farm: number;
  primary_photo_secret: string;
  date_create: UnixSeconds;
  date_update: UnixSeconds;
  count_photos: Numeric;
  count_videos: Numeric;
  count_total?: Numeric;
  count_views?: Numeric;
  count_comments?: Numeric;
  sort_group?: string | null;
}

export type PhotoGalleriesAnswer = Ok<{
  galleries: Paging & { photo_id?: string; gallery?: Gallery[] };
}>;

// The service itself

export type PandasAnswer = Ok<{ pandas: { panda: Content[] } }>;

/** Every argument of the call, under the name it came with. */
export interface EchoAnswer {
  stat: "ok";
  [argument: string]: Content | "ok";
}

export type MethodNamesAnswer = Ok<{ methods: { method: Content[] } }>;

/** What Flickr tells of a method; descriptions may hold HTML. */
export type MethodInfoAnswer = Ok<{
  method: {
    name: string;
    needslogin: Flag;
    needssigning: Flag;
    /** 0 none, 1 read, 2 write, 3 delete. */
    requiredperms: Numeric;
    description: Content;
    /** An example, in XML. */
    response?: Content;
    explanation?: Content;
  };
  arguments: { argument: { name: string; optional: Flag; _content: string }[] };
  errors: { error: { code: Numeric; message: string; _content: string }[] };
}>;

/** The answers that have types, by method; those of the other methods are open objects. */
export interface Answers {
  "flickr.contacts.getList": ContactsAnswer;
  "flickr.favorites.getList": FavoritesAnswer;
  "flickr.favorites.getPublicList": FavoritesAnswer;
  "flickr.galleries.getListForPhoto": PhotoGalleriesAnswer;
  "flickr.groups.search": GroupsSearchAnswer;
  "flickr.interestingness.getList": PhotosAnswer;
  "flickr.panda.getList": PandasAnswer;
  "flickr.people.findByEmail": UserAnswer;
  "flickr.people.findByUsername": UserAnswer;
  "flickr.people.getInfo": PersonAnswer;
  "flickr.people.getPhotos": PhotosAnswer;
  "flickr.people.getPhotosOf": PhotosOfAnswer;
  "flickr.people.getPublicPhotos": PhotosAnswer;
  "flickr.people.getUploadStatus": UploadStatusAnswer;
  "flickr.photos.comments.getList": CommentsAnswer;
  "flickr.photos.getContactsPhotos": ContactsPhotosAnswer;
  "flickr.photos.getContactsPublicPhotos": ContactsPhotosAnswer;
  "flickr.photos.getContext": ContextAnswer;
  "flickr.photos.getCounts": PhotoCountsAnswer;
  "flickr.photos.getExif": ExifAnswer;
  "flickr.photos.getFavorites": PhotoFavoritesAnswer;
  "flickr.photos.getInfo": PhotoInfoAnswer;
  "flickr.photos.getNotInSet": PhotosAnswer;
  "flickr.photos.getPerms": PhotoPermsAnswer;
  "flickr.photos.getRecent": PhotosAnswer;
  "flickr.photos.getSizes": SizesAnswer;
  "flickr.photos.getUntagged": PhotosAnswer;
  "flickr.photos.getWithGeoData": PhotosAnswer;
  "flickr.photos.licenses.getInfo": LicensesAnswer;
  "flickr.photos.recentlyUpdated": PhotosAnswer;
  "flickr.photos.search": PhotosSearchAnswer;
  "flickr.photos.setMeta": SetMetaAnswer;
  "flickr.photos.upload.checkTickets": TicketsAnswer;
  "flickr.photosets.create": PhotosetCreateAnswer;
  "flickr.photosets.getContext": ContextAnswer;
  "flickr.photosets.getInfo": PhotosetInfoAnswer;
  "flickr.photosets.getList": PhotosetsAnswer;
  "flickr.photosets.getPhotos": PhotosetPhotosAnswer;
  "flickr.profile.getProfile": ProfileAnswer;
  "flickr.reflection.getMethodInfo": MethodInfoAnswer;
  "flickr.reflection.getMethods": MethodNamesAnswer;
  "flickr.test.echo": EchoAnswer;
  "flickr.test.login": UserAnswer;
}
