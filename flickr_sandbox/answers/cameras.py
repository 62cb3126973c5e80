"""`flickr.cameras.*`: a few brands and their cameras, all of them made up."""

from __future__ import annotations

from dataclasses import dataclass

from flickr_sandbox.call import Answer, Call
from flickr_sandbox.registry import answers


@dataclass(frozen=True, slots=True)
class Camera:
    """A model; `zoom` is how often, `screen` a diagonal in inches."""

    name: str
    megapixels: float
    zoom: float
    screen: float
    storage: str


BRANDS = {
    "lumen": (
        "Lumen",
        (Camera("L1", 24.2, 3.0, 3.0, "SD"), Camera("L1 Mark II", 45.7, 3.0, 3.2, "SD")),
    ),
    "northlight": ("Northlight", (Camera("Aurora 100", 12.1, 10.0, 2.7, "SD"),)),
    "pocketeye": (
        "PocketEye",
        (Camera("P-9", 8.0, 1.0, 4.7, "Flash"), Camera("P-10", 12.2, 2.0, 6.1, "Flash")),
    ),
}


@answers("cameras.getBrands", kept=False)
def get_brands(call: Call) -> Answer:
    """All brands."""
    brands = [{"id": brand, "_content": name} for brand, (name, _) in BRANDS.items()]
    return {"brands": {"brand": brands}}


@answers("cameras.getBrandModels", kept=False)
def get_brand_models(call: Call) -> Answer:
    """The cameras of a brand."""
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
            "zoom": {"_content": str(camera.zoom)},
            "lcd_size": {"_content": str(camera.screen)},
            "storage_type": {"_content": camera.storage},
        },
        "images": {"small": picture, "large": picture},
    }
