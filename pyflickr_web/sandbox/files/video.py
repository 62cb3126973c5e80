"""Videos, made from a seed: a few pictures one after the other in an MP4 file (ISO/IEC 14496-12)."""

from __future__ import annotations

from struct import pack

from pyflickr_web.sandbox.files import h264
from pyflickr_web.sandbox.files.landscape import landscape

WIDTH, HEIGHT = 256, 144
FRAMES = 4
TICKS = 1000  # a second has
_MATRIX = pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)


def video(seed: str, seconds: int) -> bytes:
    """A video of so many seconds: a slow walk along the landscape of a seed. It has no sound."""
    view = landscape(seed, WIDTH * 3 // 2, HEIGHT)
    step = (view.width - WIDTH) // (FRAMES - 1)
    shots = [view.crop((i * step, 0, i * step + WIDTH, HEIGHT)) for i in range(FRAMES)]
    frames = [h264.frame(shot, number) for number, shot in enumerate(shots)]
    samples = [pack(">I", len(frame)) + frame for frame in frames]
    kind = _box(b"ftyp", b"isom", pack(">I", 0x200), b"isomiso2avc1mp41")
    # Where the samples lie is told in what comes before them: its length does not depend on it.
    start = len(kind) + len(_movie(samples, seconds, 0)) + 8
    return kind + _movie(samples, seconds, start) + _box(b"mdat", *samples)


def _box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return pack(">I", len(content) + 8) + name + content


def _full(name: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(name, pack(">I", flags), *parts)


def _movie(samples: list[bytes], seconds: int, start: int) -> bytes:
    length = seconds * TICKS
    size = pack(">II", WIDTH << 16, HEIGHT << 16)
    movie = pack(">4I", 0, 0, TICKS, length) + pack(">IH10x", 0x10000, 0x100)
    track = pack(">5I8x2h2H", 0, 0, 1, 0, length, 0, 0, 0, 0)
    return _box(
        b"moov",
        _full(b"mvhd", movie, _MATRIX, bytes(24), pack(">I", 2)),
        _box(
            b"trak",
            _full(b"tkhd", track, _MATRIX, size, flags=3),
            _media(samples, length, start),
        ),
    )


def _media(samples: list[bytes], length: int, start: int) -> bytes:
    undetermined = 0x55C4  # the language
    return _box(
        b"mdia",
        _full(b"mdhd", pack(">4I2H", 0, 0, TICKS, length, undetermined, 0)),
        _full(b"hdlr", pack(">I4s12x", 0, b"vide"), b"video\0"),
        _box(
            b"minf",
            _full(b"vmhd", bytes(8), flags=1),
            _box(b"dinf", _full(b"dref", pack(">I", 1), _full(b"url ", flags=1))),
            _table(samples, length, start),
        ),
    )


def _table(samples: list[bytes], length: int, start: int) -> bytes:
    """Where each sample is, how large, and for how long it is shown."""
    count = len(samples)
    sizes = pack(f">{count}I", *map(len, samples))
    return _box(
        b"stbl",
        _full(b"stsd", pack(">I", 1), _codec()),
        _full(b"stts", pack(">3I", 1, count, length // count)),
        _full(b"stsc", pack(">4I", 1, 1, count, 1)),
        _full(b"stsz", pack(">2I", 0, count), sizes),
        _full(b"stco", pack(">2I", 1, start)),
    )


def _codec() -> bytes:
    sequence, picture = h264.parameters(WIDTH, HEIGHT)
    config = _box(
        b"avcC",
        bytes([1, *sequence[1:4], 0xFF, 0xE1]),
        pack(">H", len(sequence)),
        sequence,
        pack(">BH", 1, len(picture)),
        picture,
    )
    resolution = pack(">2I", 0x480000, 0x480000)
    shown = pack(">6xH16x2H", 1, WIDTH, HEIGHT) + resolution + pack(">IH32xHh", 0, 1, 24, -1)
    return _box(b"avc1", shown, config)
