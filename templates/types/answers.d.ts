/** A number, or its text; methods differ in this. */
export type Numeric = number | string;

/** Seconds since 1970, UTC. */
export type UnixSeconds = Numeric;

/** A MySQL date-time, `2001-02-03 04:05:06`, in the photo's own time zone. */
export type DateTime = string;

/** The precision of a date: 0 to the second, 4 to the month, 6 to the year, 8 approximate. */
export type Granularity = Numeric;

export type Degrees = Numeric;
export type Media = "photo" | "video";

/** Yes or no. The text `"0"` is true in an `if`, so compare `Number(flag) === 1`. */
export type Flag = 0 | 1 | "0" | "1" | boolean;

/** A text in an object. */
export interface Content {
  _content: string;
}

/** A number in an object. */
export interface NumericContent {
  _content: Numeric;
}

/** The answer of a successful call. */
export type Ok<T> = T & { stat: "ok" };

/** The position of a page in a listing. */
export interface Paging {
  page: Numeric;
  /** The number of pages; 0 if nothing was found. */
  pages: Numeric;
  /** Items per page; some methods answer with `per_page`, some with both. */
  perpage?: Numeric;
  per_page?: Numeric;
  /** The number of items on all pages. */
  total: Numeric;
}

/** The server of a person's icon. */
export interface Icon {
  iconserver?: Numeric;
  iconfarm?: Numeric;
}

/** The people who may see something. */
export interface Visibility {
  ispublic: Flag;
  isfriend: Flag;
  isfamily: Flag;
}

/** From 0, only the owner, to 3, everybody. */
export interface PhotoPermissions {
  permcomment: Numeric;
  permaddmeta: Numeric;
}

// Listings of photos

/** The sizes in `extras`, for example in `url_sq`. */
export type ExtraSize =
  | ("sq" | "q" | "t" | "s" | "n" | "w" | "m" | "z" | "c" | "l")
  | ("h" | "k" | "3k" | "4k" | "5k" | "6k" | "o");

/** Addresses by size; sizes larger than the photo are missing. */
export type UrlExtras = { [K in `url_${ExtraSize}`]?: string };

/** Heights and widths by size, in pixels. */
export type DimensionExtras = { [K in `${"height" | "width"}_${ExtraSize}`]?: Numeric };

/** A place on the map. */
export interface GeoPoint {
  latitude: Degrees;
  longitude: Degrees;
  /** From 1, the world, to 16, a street. */
  accuracy: Numeric;
  /** 0 unknown, 1 indoors, 2 outdoors. */
  context?: Numeric;
  place_id?: string;
  woeid?: Numeric;
}

/** The fields of `geo`; a photo without a place has 0 in the first four, and no others. */
export type GeoExtras = Partial<GeoPoint> & {
  [K in `geo_is_${"public" | "contact" | "friend" | "family"}`]?: Flag;
};

/** The fields that the argument `extras` adds to the photos of a listing. */
export interface PhotoExtras extends UrlExtras, DimensionExtras, GeoExtras, Icon {
  description?: Content;
  license?: Numeric;
  safety_level?: Numeric;
  dateupload?: UnixSeconds;
  lastupdate?: UnixSeconds;
  datetaken?: DateTime;
  datetakengranularity?: Granularity;
  datetakenunknown?: Flag;
  /** From `owner_name`. */
  ownername?: string;
  realname?: string;
  /** From `original_format`, if the caller may see the original. */
  originalsecret?: string;
  originalformat?: string;
  /** From `o_dims`: the size of the original, in pixels. */
  o_width?: Numeric;
  o_height?: Numeric;
  /** Separated by spaces, like `machine_tags`. */
  tags?: string;
  machine_tags?: string;
  views?: Numeric;
  count_comments?: Numeric;
  count_faves?: Numeric;
  media?: Media;
  media_status?: string;
  /** From `path_alias`: the owner's name in addresses, or `null`. */
  pathalias?: string | null;
}

/** The parts of a photo's addresses. */
export interface PhotoFile {
  id: string;
  secret: string;
  server: string;
  farm: number;
}

/** The fields of every photo in every listing. */
export interface PhotoStub extends PhotoFile {
  title: string;
}

/** A photo in a listing. */
export interface ListedPhoto extends PhotoStub, Visibility, PhotoExtras {
  /** The owner's NSID. */
  owner: string;
}

/** A page of photos, in the form that most listings have. */
export type PhotosAnswer = Ok<{ photos: Paging & { photo: ListedPhoto[] } }>;

export type PhotosSearchAnswer = PhotosAnswer;

/** A page of photos by the caller's contacts, with the owners' screen names. */
export type ContactsPhotosAnswer = Ok<{
  photos: Paging & { photo: (ListedPhoto & { username: string })[] };
}>;

/** A page of favorites. */
export type FavoritesAnswer = Ok<{
  photos: Paging & { photo: (ListedPhoto & { date_faved?: UnixSeconds })[] };
}>;

/** A page of photos that show a person; for other people than the caller it may lack the total. */
export type PhotosOfAnswer = Ok<{
  photos: Partial<Paging> & {
    photo: ListedPhoto[];
    /** Instead of `pages` and `total`. */
    has_next_page?: Flag;
  };
}>;

// A photo

/** The owner of a photo. */
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
  /** The NSID of the person who added the tag. */
  author: string;
  authorname?: string;
  /** The tag as typed. */
  raw: string;
  /** The normalized tag: lower case, no spaces. */
  _content: string;
  machine_tag: Flag;
}

/** A box with a text on a photo; its position and size are in pixels of the 500 pixel size. */
export interface PhotoNote {
  id: string;
  /** The author's NSID. */
  author: string;
  authorname: string;
  x: Numeric;
  y: Numeric;
  w: Numeric;
  h: Numeric;
  _content: string;
}

/** The place where a photo was taken. */
export type PhotoLocation = GeoPoint & {
  [K in "neighbourhood" | "locality" | "county" | "region" | "country"]?: Content;
};

/** The processing state of a video. */
export interface VideoState {
  ready: Flag;
  failed: Flag;
  pending: Flag;
  /** Seconds. */
  duration: Numeric;
  width: Numeric | null;
  height: Numeric | null;
}

/** The full information about a photo; some fields depend on the caller. */
export interface PhotoInfo extends PhotoFile {
  dateuploaded: UnixSeconds;
  isfavorite: Flag;
  license: Numeric;
  safety_level: Numeric;
  /** Degrees clockwise: 0, 90, 180 or 270. */
  rotation: Numeric;
  /** If the caller may see the original. */
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
  /** Only for the owner. */
  permissions?: PhotoPermissions;
  views: Numeric;
  /** The caller's permissions. */
  editability: { cancomment: Flag; canaddmeta: Flag };
  /** Everybody's permissions. */
  publiceditability: { cancomment: Flag; canaddmeta: Flag };
  usage: { candownload: Flag; canblog: Flag; canprint: Flag; canshare: Flag };
  /** The number of comments. */
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
  /** The photo's page in this size. */
  url: string;
  media: Media;
}

/** The sizes of a photo, from small to large, and the caller's permissions. */
export type SizesAnswer = Ok<{
  sizes: { canblog: Flag; canprint: Flag; candownload: Flag; size: PhotoSize[] };
}>;

/** An entry of the metadata that the camera wrote. */
export interface ExifEntry {
  tagspace: string;
  tagspaceid: Numeric;
  tag: string;
  label: string;
  raw: Content;
  /** The value in readable form, if Flickr has one. */
  clean?: Content;
}

/** `camera` is empty if unknown. */
export type ExifAnswer = Ok<{ photo: PhotoFile & { camera: string; exif: ExifEntry[] } }>;

/** The previous or next photo. */
export interface Neighbour extends PhotoStub {
  owner?: string;
  /** The path of the page, without the host. */
  url: string;
  /** The address of the square thumbnail. */
  thumb: string;
  media: Media;
  license: Numeric | null;
  is_faved?: Flag;
}

/** The value without a previous or next photo; test for it with `id === 0`. */
export interface NoNeighbour {
  id: 0;
  is_faved?: Flag;
}

/** A photo's neighbours, in the photostream or in a photoset. */
export type ContextAnswer = Ok<{
  /** The number of photos. */
  count: NumericContent;
  prevphoto: Neighbour | NoNeighbour;
  nextphoto: Neighbour | NoNeighbour;
}>;

/** A person who has a photo as a favorite. */
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

/** The numbers of photos between dates, which have the format of the arguments. */
export type PhotoCountsAnswer = Ok<{
  photocounts: { photocount: { count: Numeric; fromdate: string; todate: string }[] };
}>;

/** The photo's new title and description; older answers are empty. */
export type SetMetaAnswer = Ok<{ photo?: { title: Content; description: Content } }>;

/** A comment on a photo. */
export interface PhotoComment extends Icon {
  id: string;
  /** The author's NSID. */
  author: string;
  authorname: string;
  author_is_deleted?: Flag;
  realname?: string;
  path_alias?: string | null;
  datecreate: UnixSeconds;
  permalink: string;
  /** The text, which may contain HTML. */
  _content: string;
}

export type CommentsAnswer = Ok<{ comments: { photo_id: string; comment?: PhotoComment[] } }>;

export type LicensesAnswer = Ok<{
  /** The address is empty for a license without a page. */
  licenses: { license: { id: Numeric; name: string; url: string }[] };
}>;

/** The progress of an upload with `async`. */
export interface UploadTicket {
  id: string;
  /** 0 in progress, 1 done, 2 failed. */
  complete?: Numeric;
  /** True for an unknown ticket. */
  invalid?: Flag;
  photoid?: string;
  imported?: UnixSeconds;
}

export type TicketsAnswer = Ok<{ uploader: { ticket: UploadTicket[] } }>;

// Photosets

/** The fields of every photoset. */
export interface PhotosetStub {
  id: string;
  /** The id of the cover photo, to which `secret`, `server` and `farm` belong. */
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
  /** 0 if it never changed. */
  date_update: UnixSeconds;
  needs_interstitial?: Flag;
  visibility_can_see_set?: Flag;
}

/** A photoset in a listing. */
export interface ListedPhotoset extends PhotosetStub {
  owner?: string;
  username?: string;
  videos: Numeric;
  /** The fields requested by `primary_photo_extras`. */
  primary_photo_extras?: PhotoExtras;
  /** The photos of `photo_ids` that are in the set. */
  has_requested_photos?: string[];
  /** The group, out of `sort_groups`, to which the set belongs. */
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

/** A photo in a photoset; the owner is a field of the photoset. */
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

/** The ids and the name of a person. */
export type UserAnswer = Ok<{ user: { id: string; nsid?: string; username: Content } }>;

/** A person; some fields depend on the caller. */
export interface Person extends Icon {
  id: string;
  nsid: string;
  ispro: Flag;
  is_deleted?: Flag;
  has_stats?: Flag;
  /** The name in addresses, or `null`. */
  path_alias: string | null;
  username: Content;
  realname?: Content;
  mbox_sha1sum?: Content;
  location?: Content;
  description?: Content;
  /** `offset` is the difference from UTC, e.g. `+01:00`. */
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

/** The caller's limits of uploads this month. */
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

/** A person's profile; fields that they did not fill in are missing or empty. */
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

/** A person whom the caller follows. */
export interface Contact extends Icon {
  nsid: string;
  username: string;
  realname?: string;
  location?: string;
  path_alias?: string | null;
  friend: Flag;
  family: Flag;
  ignored: Flag;
  /** True if they ignore the caller. */
  rev_ignored?: Flag;
}

export type ContactsAnswer = Ok<{ contacts: Paging & { contact?: Contact[] } }>;

/** A group in the results of a search. */
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

/** A gallery: a person's selection of other people's photos. */
export interface Gallery extends Icon {
  /** `USER-NUMBER`, the argument `gallery_id` of methods. */
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

/** Every argument of the call, by name. */
export interface EchoAnswer {
  stat: "ok";
  [argument: string]: Content | "ok";
}

export type MethodNamesAnswer = Ok<{ methods: { method: Content[] } }>;

/** Flickr's description of a method; texts may contain HTML. */
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

/** The answers with types, by method; the answers of other methods are `Answer`. */
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
