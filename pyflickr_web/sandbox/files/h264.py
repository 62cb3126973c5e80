"""A video stream of still pictures in H.264, the plainest there is: every sample as it is (I_PCM).

It plays wherever H.264 does, needs no encoder, and is small only because its pictures are. ITU-T H.264,
section 7.3, is the syntax written here.
"""

from __future__ import annotations

import re

from PIL import Image

MACROBLOCK = 16
BASELINE = 66
LEVEL = 30
_SPS, _PPS, _IDR = 0x67, 0x68, 0x65
_ESCAPED = re.compile(rb"\0\0(?=[\0-\3])")
# Samples of video have room below and above: no picture holds a zero, which PCM samples may not be.
_LOWEST, _HIGHEST = 16, 235


class _Bits:
    """Bits in the making."""

    def __init__(self) -> None:
        self._text = ""

    def fixed(self, value: int, width: int) -> _Bits:
        """u(n): a number of so many bits."""
        self._text += f"{value:0{width}b}"
        return self

    def golomb(self, *values: int) -> _Bits:
        """ue(v): numbers in as many bits as they need."""
        for value in values:
            digits = f"{value + 1:b}"
            self._text += "0" * (len(digits) - 1) + digits
        return self

    def end(self, filler: str = "1") -> bytes:
        """The bytes; `filler` comes before the zeros that fill the last."""
        text = self._text + filler
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def parameters(width: int, height: int) -> tuple[bytes, bytes]:
    """The sequence's and the picture's parameter set, for sizes that are multiples of 16."""
    sequence = _Bits().fixed(BASELINE, 8).fixed(0xC0, 8).fixed(LEVEL, 8)
    # Set 0, 4 bits of frame_num, order of output is order of decoding, one reference.
    sequence.golomb(0, 0, 2, 1).fixed(0, 1)
    sequence.golomb(width // MACROBLOCK - 1, height // MACROBLOCK - 1)
    # Frames alone, direct 8x8 inference, no cropping, no VUI.
    sequence.fixed(0b1100, 4)
    # Set 0 for sequence 0, CAVLC, one slice group, default references and quantisers.
    picture = _Bits().golomb(0, 0).fixed(0b00, 2).golomb(0, 0, 0).fixed(0, 3)
    picture.golomb(0, 0, 0).fixed(0, 3)
    return _unit(_SPS, sequence.end()), _unit(_PPS, picture.end())


def frame(picture: Image.Image, number: int) -> bytes:
    """One picture as a unit that needs no other; neighbours must differ in `number`."""
    luma, blue, red = (
        plane.point([max(_LOWEST, min(_HIGHEST, i)) for i in range(256)])
        for plane in picture.convert("YCbCr").split()
    )
    small = picture.width // 2, picture.height // 2
    planes = [(luma, MACROBLOCK)]
    planes += [(plane.resize(small), MACROBLOCK // 2) for plane in (blue, red)]
    tiles = [_tiles(plane, side) for plane, side in planes]
    macroblocks = zip(*tiles, strict=True)
    # First macroblock 0, an I slice, set 0, frame_num 0, idr_pic_id, no flags, quantiser as it is.
    head = _Bits().golomb(0, 7, 0).fixed(0, 4).golomb(number % 2).fixed(0, 2).golomb(0)
    # mb_type 25 is I_PCM; its samples begin with a byte.
    body = head.golomb(25).end("") + b"".join(next(macroblocks))
    again = _Bits().golomb(25).end("")
    return _unit(_IDR, body + b"".join(again + b"".join(block) for block in macroblocks) + b"\x80")


def _tiles(plane: Image.Image, side: int) -> list[bytes]:
    """A plane's squares, row by row."""
    return [
        plane.crop((x, y, x + side, y + side)).tobytes()
        for y in range(0, plane.height, side)
        for x in range(0, plane.width, side)
    ]


def _unit(kind: int, content: bytes) -> bytes:
    return bytes([kind]) + _ESCAPED.sub(b"\0\0\3", content)
