/** A number that comes as a number here and as a text there. */
export type Numeric = number | string;
export type Flag = 0 | 1 | "0" | "1" | boolean;
export interface Content {
  _content: string;
}
export interface Paging {
  page: Numeric;
  pages: Numeric;
  perpage?: Numeric;
  per_page?: Numeric;
  total: Numeric | null;
}
type Sizes =
  | "sq"
  | "t"
  | "s"
  | "q"
  | "m"
  | "n"
  | "w"
  | "z"
  | "c"
  | "l"
  | "h"
  | "k"
  | "3k"
  | "4k"
  | "5k"
  | "6k"
  | "o";
/** What `extras` add to a photo of a listing. */
export type PhotoExtras = { [K in `url_${Sizes}`]?: string } & {
  [K in `${"height" | "width"}_${Sizes}`]?: Numeric | null;
} & {
  description?: Content;
  license?: Numeric;
  /** Unix seconds. */
  dateupload?: Numeric;
  /** Unix seconds. */
  lastupdate?: Numeric;
  /** MySQL date-time, in the photo's own time zone. */
  datetaken?: string;
  datetakengranularity?: Numeric;
  datetakenunknown?: Flag;
  ownername?: string;
  username?: string;
  realname?: string;
  iconserver?: Numeric;
  iconfarm?: Numeric;
  originalsecret?: string;
  originalformat?: string;
  tags?: string;
  machine_tags?: string;
  o_width?: Numeric;
  o_height?: Numeric;
  views?: Numeric;
  count_comments?: Numeric;
  count_faves?: Numeric;
  media?: string;
  media_status?: string;
  pathalias?: string | null;
  latitude?: Numeric;
  longitude?: Numeric;
  accuracy?: Numeric;
  context?: Numeric;
  place_id?: string;
  woeid?: Numeric;
  geo_is_public?: Flag;
  geo_is_contact?: Flag;
  geo_is_friend?: Flag;
  geo_is_family?: Flag;
  dateadded?: Numeric;
  date_faved?: Numeric;
};
export type ListedPhoto = PhotoExtras & {
  id: string;
  owner?: string;
  secret: string;
  server: Numeric;
  farm?: Numeric;
  title: string;
  ispublic?: Flag;
  isfriend?: Flag;
  isfamily?: Flag;
  isprimary?: Flag;
};
export interface PhotosAnswer {
  photos: Paging & { photo: ListedPhoto[]; has_next_page?: Flag };
  stat: "ok";
}
export interface PhotoSize {
  label: string;
  width: Numeric | null;
  height: Numeric | null;
  source: string;
  url: string;
  media: string;
}
export interface SizesAnswer {
  sizes: { canblog: Flag; canprint: Flag; candownload: Flag; size: PhotoSize[] };
  stat: "ok";
}
/** A photo in full; what is open here depends on who asks. */
export interface PhotoInfo {
  id: string;
  secret: string;
  server: Numeric;
  farm?: Numeric;
  /** Unix seconds. */
  dateuploaded: Numeric;
  isfavorite: Flag;
  license: Numeric;
  safety_level: Numeric;
  rotation: Numeric;
  originalsecret?: string;
  originalformat?: string;
  owner: {
    nsid: string;
    username: string;
    realname?: string;
    location?: string | null;
    [key: string]: any;
  };
  title: Content;
  description: Content;
  visibility: { ispublic: Flag; isfriend: Flag; isfamily: Flag };
  dates: {
    posted: string;
    taken: string;
    takengranularity: Numeric;
    takenunknown?: Flag;
    lastupdate: string;
  };
  permissions?: { permcomment: Numeric; permaddmeta: Numeric };
  views: Numeric;
  editability: { cancomment: Flag; canaddmeta: Flag };
  publiceditability: { cancomment: Flag; canaddmeta: Flag };
  usage: { candownload: Flag; canblog: Flag; canprint: Flag; canshare?: Flag };
  comments: Content | { _content: Numeric };
  notes: { note: any[] };
  people?: { haspeople: Flag };
  tags: {
    tag: { id: string; author: string; raw: string; _content: string; [key: string]: any }[];
  };
  location?: { latitude: Numeric; longitude: Numeric; accuracy: Numeric; [key: string]: any };
  geoperms?: { ispublic: Flag; iscontact: Flag; isfriend: Flag; isfamily: Flag };
  urls: { url: { type: string; _content: string }[] };
  media: string;
  video?: {
    ready: Flag;
    failed: Flag;
    pending: Flag;
    duration: Numeric | null;
    width: Numeric | null;
    height: Numeric | null;
  };
}
export interface PhotoInfoAnswer {
  photo: PhotoInfo;
  stat: "ok";
}
export interface ExifEntry {
  tagspace: string;
  tagspaceid: Numeric;
  tag: string;
  label: string;
  raw: Content;
  clean?: Content;
}
export interface ExifAnswer {
  photo: {
    id: string;
    secret: string;
    server: Numeric;
    farm: Numeric;
    camera: string;
    exif: ExifEntry[];
  };
  stat: "ok";
}
export interface Comment {
  id: string;
  author: string;
  authorname: string;
  /** Unix seconds. */
  datecreate: string;
  permalink: string;
  _content: string;
  realname?: string;
  path_alias?: string | null;
  iconserver?: Numeric;
  iconfarm?: Numeric;
  author_is_deleted?: Flag;
}
export interface CommentsAnswer {
  comments: { photo_id: string; comment?: Comment[] };
  stat: "ok";
}
export interface Photoset {
  id: string;
  owner?: string;
  username?: string;
  primary: string;
  secret: string;
  server: Numeric;
  farm: Numeric;
  title: Content;
  description: Content;
  photos?: Numeric;
  videos?: Numeric;
  count_photos?: Numeric;
  count_videos?: Numeric;
  count_views?: Numeric;
  count_comments?: Numeric;
  can_comment?: Flag;
  /** Unix seconds. */
  date_create: string;
  /** Unix seconds. */
  date_update: string;
  primary_photo_extras?: PhotoExtras;
  coverphoto_server?: Numeric;
  coverphoto_farm?: Numeric;
  needs_interstitial?: Flag;
  visibility_can_see_set?: Flag;
}
export interface PhotosetsAnswer {
  photosets: Paging & { cancreate?: Flag; photoset: Photoset[] };
  stat: "ok";
}
export interface PhotosetAnswer {
  photoset: Photoset;
  stat: "ok";
}
export interface PhotosetPhotosAnswer {
  photoset: Paging & {
    id: string;
    primary: string;
    owner: string;
    ownername: string;
    title?: string;
    photo: ListedPhoto[];
  };
  stat: "ok";
}
export interface PersonAnswer {
  person: {
    id: string;
    nsid: string;
    ispro: Flag;
    iconserver: Numeric;
    iconfarm: Numeric;
    path_alias: string | null;
    username: Content;
    realname?: Content;
    location?: Content;
    description?: Content;
    photosurl: Content;
    profileurl: Content;
    mobileurl?: Content;
    photos: { firstdate?: any; firstdatetaken?: any; count: any; views?: any };
    [key: string]: any;
  };
  stat: "ok";
}
export interface UserAnswer {
  user: { id: string; nsid?: string; username: Content };
  stat: "ok";
}
export interface ContactsAnswer {
  contacts: Paging & { contact?: { nsid: string; username: string; [key: string]: any }[] };
  stat: "ok";
}
export interface LicensesAnswer {
  licenses: { license: { id: Numeric; name: string; url: string }[] };
  stat: "ok";
}
export interface Answers {
  "flickr.photos.search": PhotosAnswer;
  "flickr.photos.getRecent": PhotosAnswer;
  "flickr.photos.getUntagged": PhotosAnswer;
  "flickr.photos.getNotInSet": PhotosAnswer;
  "flickr.photos.getWithGeoData": PhotosAnswer;
  "flickr.photos.recentlyUpdated": PhotosAnswer;
  "flickr.photos.getContactsPhotos": PhotosAnswer;
  "flickr.photos.getContactsPublicPhotos": PhotosAnswer;
  "flickr.people.getPhotos": PhotosAnswer;
  "flickr.people.getPublicPhotos": PhotosAnswer;
  "flickr.people.getPhotosOf": PhotosAnswer;
  "flickr.interestingness.getList": PhotosAnswer;
  "flickr.favorites.getList": PhotosAnswer;
  "flickr.favorites.getPublicList": PhotosAnswer;
  "flickr.photos.getSizes": SizesAnswer;
  "flickr.photos.getInfo": PhotoInfoAnswer;
  "flickr.photos.getExif": ExifAnswer;
  "flickr.photos.comments.getList": CommentsAnswer;
  "flickr.photos.licenses.getInfo": LicensesAnswer;
  "flickr.photosets.getList": PhotosetsAnswer;
  "flickr.photosets.getInfo": PhotosetAnswer;
  "flickr.photosets.getPhotos": PhotosetPhotosAnswer;
  "flickr.people.getInfo": PersonAnswer;
  "flickr.people.findByUsername": UserAnswer;
  "flickr.people.findByEmail": UserAnswer;
  "flickr.test.login": UserAnswer;
  "flickr.contacts.getList": ContactsAnswer;
}
