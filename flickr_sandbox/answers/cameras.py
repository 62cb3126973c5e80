"""`flickr.cameras.*`, and `flickr.photos.getExif`"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from flickr_sandbox.answers import find
from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers
from flickr_sandbox.store import Row

CAMERAS = (
    ("Canon", "Canon EOS 5D Mark IV", 50),
    ("NIKON CORPORATION", "NIKON D750", 35),
    ("SONY", "ILCE-7M3", 85),
    ("FUJIFILM", "X-T3", 23),
    ("Panasonic", "DMC-GX9", 15),
    ("Apple", "iPhone 12", 4),
)
SPEEDS = (30, 60, 125, 250, 500, 1000)
APERTURES = (1.8, 2.8, 4.0, 5.6, 8.0, 11.0)
ISOS = (100, 200, 400, 800, 1600)


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera model; `screen` is a diagonal in inches."""

    name: str
    megapixels: float
    screen: float
    storage: str


BRANDS = {
    "lumen": (
        "Lumen",
        (Camera("L1", 24.2, 3.0, "SD"), Camera("L1 Mark II", 45.7, 3.2, "SD")),
    ),
    "northlight": ("Northlight", (Camera("Aurora 100", 12.1, 2.7, "SD"),)),
    "pocketeye": (
        "PocketEye",
        (Camera("P-9", 8.0, 4.7, "Flash"), Camera("P-10", 12.2, 6.1, "Flash")),
    ),
}


@answers("cameras.getBrands", stateful=False)
def get_brands(call: Call) -> Answer:
    """Return all brands."""
    brands = [{"id": brand, "name": name} for brand, (name, _) in BRANDS.items()]
    return {"brands": {"brand": brands}}


@answers("cameras.getBrandModels", stateful=False)
def get_brand_models(call: Call) -> Answer:
    """Return the cameras of a brand."""
    brand = call.text("brand")
    if brand not in BRANDS:
        raise call.unknown("brand")
    models = BRANDS[brand][1]
    return {"cameras": {"brand": brand, "camera": [_camera(call, model) for model in models]}}


def _camera(call: Call, camera: Camera) -> Answer:
    picture = {"_content": f"{call.base}/images/buddyicon.gif"}
    return {
        "id": camera.name.lower().replace(" ", "_"),
        "name": {"_content": camera.name},
        "details": {
            "megapixels": {"_content": str(camera.megapixels)},
            "lcd_screen_size": {"_content": str(camera.screen)},
            "memory_type": {"_content": camera.storage},
        },
        "images": {"small": picture, "large": picture},
    }


@dataclass(frozen=True, slots=True)
class Tag:
    """A field of EXIF; `clean` is its human-readable value, if different."""

    space: str
    name: str
    label: str
    raw: str
    clean: str = ""

    def to_answer(self) -> Answer:
        """Return the field as an item of the answer."""
        head = {"tagspace": self.space, "tagspaceid": 0, "tag": self.name, "label": self.label}
        clean = {"clean": {"_content": self.clean}} if self.clean else {}
        return head | {"raw": {"_content": self.raw}} | clean


@answers("photos.getExif")
def get_exif(call: Call) -> Answer:
    """Return a photo's EXIF; screenshots, videos and uploads to the sandbox have none.

    Hidden EXIF is the failure 2 for everybody but the owner.
    """
    photo = find.photo(call)
    if photo["exif"] == "hidden" and photo["owner"] != call.caller.nsid:
        raise call.fail(2)
    bare = photo["exif"] == "none" or photo["file"] or photo["content_type"]
    bare = bare or photo["media"] == "video"
    camera, tags = ("", []) if bare else _invent_exif(photo)
    return {
        "photo": {
            "id": str(photo["id"]),
            "secret": photo["secret"],
            "server": photo["server"],
            "farm": photo["farm"],
            "camera": camera,
            "exif": [tag.to_answer() for tag in tags],
        }
    }


def _invent_exif(photo: Row) -> tuple[str, list[Tag]]:
    chance = Random(photo["id"])
    make, model, length = chance.choice(CAMERAS)
    speed, aperture, iso = chance.choice(SPEEDS), chance.choice(APERTURES), chance.choice(ISOS)
    taken = photo["taken"].replace("-", ":")
    return model, [
        Tag("IFD0", "Make", "Make", make),
        Tag("IFD0", "Model", "Model", model),
        Tag("IFD0", "Orientation", "Orientation", "Horizontal (normal)"),
        Tag("IFD0", "XResolution", "X-Resolution", "72", "72 dpi"),
        Tag("IFD0", "YResolution", "Y-Resolution", "72", "72 dpi"),
        Tag(
            "ExifIFD", "ExposureTime", "Exposure", f"1/{speed}", f"{1 / speed:.3g} sec (1/{speed})"
        ),
        Tag("ExifIFD", "FNumber", "Aperture", f"{aperture}", f"f/{aperture}"),
        Tag("ExifIFD", "ISO", "ISO Speed", str(iso)),
        Tag("ExifIFD", "FocalLength", "Focal Length", f"{length}.0 mm", f"{length} mm"),
        Tag("ExifIFD", "DateTimeOriginal", "Date and Time (Original)", taken),
        Tag("ExifIFD", "Flash", "Flash", "Off, Did not fire"),
    ]
