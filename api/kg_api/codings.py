"""Content codings: which one a client takes (RFC 9110, section 12.5.3), and a body in it."""

import zlib
from functools import lru_cache

import brotli

from kg_api.formats import MOST_CHARACTERS, preference

# Below this a body fits in one packet of the network, compressed or not.
WORTH_COMPRESSING = 1400
# At these levels br takes as long as gzip, and is smaller.
_BROTLI_LEVEL, _GZIP_LEVEL = 5, 6
_GZIP_WINDOW = 31


def agreed(accept_encoding: str) -> str | None:
    """The coding that the client likes best, by name or else by `*`; None when it takes none or prefers `identity`."""
    return _agreed(accept_encoding[:MOST_CHARACTERS])


@lru_cache(maxsize=1000)
def _agreed(accept_encoding: str) -> str | None:
    quality = dict(preference(part) for part in accept_encoding.split(",") if part.strip())
    others = quality.get("*", 0.0)
    # x-gzip is its old name (RFC 9110, section 8.4.1.3). The first of these wins a tie.
    offers = {"br": quality.get("br", others), "gzip": quality.get("gzip", quality.get("x-gzip", others))}
    best = max(offers, key=offers.__getitem__)
    return best if offers[best] > 0 and offers[best] >= quality.get("identity", 0.0) else None


def compress(body: bytes, coding: str) -> bytes:
    """The body in a coding, the same bytes each time; lets other threads run meanwhile."""
    if coding == "br":
        return brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BROTLI_LEVEL)
    # By zlib itself, as that writes no time.
    compressor = zlib.compressobj(_GZIP_LEVEL, wbits=_GZIP_WINDOW)
    return compressor.compress(body) + compressor.flush()


def tagged(etag: str, coding: str | None) -> str:
    """The ETag of a body in a coding: another than that of the body as it is (RFC 9110, section 8.8.3.3)."""
    return f'{etag[:-1]}-{coding}"' if coding else etag
