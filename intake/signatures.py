"""A signature drawn on the screen: a PNG that really is one, holds strokes, and nothing but its picture."""

import base64
import binascii
import struct
import zlib

from django.utils.translation import gettext as _

from bureau.errors import Refused, of_field

PREFIX = "data:image/png;base64,"
MAGIC = b"\x89PNG\r\n\x1a\n"
BYTES_MAX = 400 * 1024
WIDTH_MAX, HEIGHT_MAX = 2400, 1200
# As every browser's canvas writes it: eight bits of red, green, blue and alpha.
RGBA, STRIDE = 6, 4
INKED_MIN = 200  # bytes that are not empty: a dot by mistake is no signature


def drawn(text: str) -> bytes:
    """Return the picture of a data address, without anything a browser or somebody else added; else raises Refused."""
    if not text.startswith(PREFIX) or len(text) > BYTES_MAX * 2:
        raise _unreadable()
    try:
        content = base64.b64decode(text[len(PREFIX) :], validate=True)
        kept, data, width, height = _parts(content)
        rows = _unpacked(data, size=height * (1 + width * STRIDE))
    except (binascii.Error, struct.error, zlib.error, ValueError):
        raise _unreadable() from None
    if not _is_inked(rows, stride=1 + width * STRIDE):
        raise Refused(of_field("drawn", _("还没有签名")))
    return kept


def _unreadable() -> Refused:
    return Refused(of_field("drawn", _("签名图像不能识别，请重新签名，或者上传纸质签名件")))


def _parts(content: bytes) -> tuple[bytes, bytes, int, int]:
    if len(content) > BYTES_MAX or not content.startswith(MAGIC):
        raise ValueError
    kept, data, at, size = [MAGIC], b"", len(MAGIC), None
    while at < len(content):
        length, kind = struct.unpack(">I4s", content[at : at + 8])
        chunk = content[at : at + 12 + length]
        if len(chunk) < 12 + length or zlib.crc32(chunk[4:-4]) != struct.unpack(">I", chunk[-4:])[0]:
            raise ValueError
        at += len(chunk)
        if kind == b"IHDR" and size is None:
            size = struct.unpack(">IIBBBBB", chunk[8:21])
        if kind in (b"IHDR", b"IDAT", b"IEND"):
            kept.append(chunk)
        if kind == b"IDAT":
            data += chunk[8:-4]
        if kind == b"IEND":
            break
    if size is None or size[2:] != (8, RGBA, 0, 0, 0):
        raise ValueError
    width, height = size[0], size[1]
    if not 0 < width <= WIDTH_MAX or not 0 < height <= HEIGHT_MAX:
        raise ValueError
    return b"".join(kept), data, width, height


def _unpacked(data: bytes, *, size: int) -> bytes:
    rows = zlib.decompressobj().decompress(data, size + 1)
    if len(rows) != size:
        raise ValueError
    return rows


def _is_inked(rows: bytes, *, stride: int) -> bool:
    inked = 0
    for at in range(0, len(rows), stride):
        inked += stride - 1 - rows[at + 1 : at + stride].count(0)
        if inked >= INKED_MIN:
            return True
    return False


def as_svg(content: bytes) -> str:
    """Return the picture wrapped for the typesetter, which takes pictures as text."""
    width, height = struct.unpack(">II", content[16:24])
    text = base64.b64encode(content).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}"'
        f' height="{height}" viewBox="0 0 {width} {height}"><image width="{width}" height="{height}"'
        f' xlink:href="{PREFIX}{text}"/></svg>'
    )
