"""How do pixels become a PNG, and how does one say whose it is?"""

from __future__ import annotations

import struct
import zlib
from base64 import b64encode

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER = len(SIGNATURE) + 25
"""Bytes before a word of ours, a multiple of 3: what follows is the same in base64, whatever the size."""

KEYWORD = b"landscape-widget\0"
BIT_DEPTH, TRUE_COLOR, SUB = 8, 2, 1


def encode(pixels: NDArray[np.uint8]) -> bytes:
    """Return uint8[height, width, 3] as the bytes of a PNG."""
    height, width, _ = pixels.shape
    header = struct.pack(">IIBBBBB", width, height, BIT_DEPTH, TRUE_COLOR, 0, 0, 0)
    left = np.pad(pixels, ((0, 0), (1, 0), (0, 0)))[:, :-1]
    rows = (pixels - left).reshape(height, -1)
    data = zlib.compress(np.insert(rows, 0, SUB, axis=1).tobytes(), 9)
    return SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def inscribed(png: bytes, key: str) -> bytes:
    """Return the same picture with ``key`` written into it."""
    return png[:HEADER] + _chunk(b"tEXt", KEYWORD + key.encode("latin-1")) + png[HEADER:]


def inscription(key: str) -> str:
    """Return what only pictures inscribed with ``key`` contain in base64, as pages hold them."""
    data = KEYWORD + key.encode("latin-1")
    written = struct.pack(">I", len(data)) + b"tEXt" + data
    return b64encode(written[: len(written) // 3 * 3]).decode()


def width_of(png: bytes) -> int:
    """Return how many pixels wide a picture is."""
    return int.from_bytes(png[16:20], "big")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
