"""Valid files, damaged in the ways files are damaged, and in ways nobody would think of."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

NASTY = (
    b"", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\r", b"\n", b"\r\n", b"\n\n\n", b'"', b'""', b"'", b"\t",
    b"\t\t\t", b",", b";", b"|", b"#", b"!", b"^", b"=1+1", b"-1", b"-", b"+", b".", b"NaN", b"NA", b"inf", b"-inf",
    b"1e400", b"1e-400", b"1e20", b"9" * 400, b"0x10", b"1_000", b"1,5", b"\xc2\xa0", b"\xe2\x80\xae",
    b"\xf0\x9f\xa7\xac", b"\xc3", b"S1", b"gene_id", b"gene_name", b"sample", b"patient", b"*", b"&a", b"*a",
    b"!!python/object", b"[", b"{", b"]", b"}", b"${x}", b"../../x", b"\x1f\x8b", b"PK\x03\x04", b"\x89HDF", b"%PDF",
    b"\x80\x04", b"x" * 70_000, b"\xd9\xa1", b"\x85", b"\x0b", b"\x1c",
)  # fmt: skip
places = st.floats(0, 1, exclude_max=True)
chunks = st.one_of(st.sampled_from(NASTY), st.binary(max_size=20))


def _at(content: bytes, place: float) -> int:
    return int(place * len(content))


def flip(content: bytes, place: float, _other: float, chunk: bytes) -> bytes:
    at = _at(content, place)
    return content[:at] + (chunk[:1] or b"\x01") + content[at + 1 :]


def cut(content: bytes, place: float, _other: float, _chunk: bytes) -> bytes:
    return content[: _at(content, place)]


def insert(content: bytes, place: float, _other: float, chunk: bytes) -> bytes:
    at = _at(content, place)
    return content[:at] + chunk + content[at:]


def remove(content: bytes, place: float, other: float, _chunk: bytes) -> bytes:
    start, stop = sorted((_at(content, place), _at(content, other)))
    return content[:start] + content[stop:]


def repeat(content: bytes, place: float, other: float, _chunk: bytes) -> bytes:
    start, stop = sorted((_at(content, place), _at(content, other)))
    return content[:stop] + content[start:stop] + content[stop:]


def swap_lines(content: bytes, place: float, other: float, _chunk: bytes) -> bytes:
    lines = content.split(b"\n")
    one, two = int(place * len(lines)), int(other * len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return b"\n".join(lines)


def replace_field(content: bytes, place: float, other: float, chunk: bytes) -> bytes:
    lines = content.split(b"\n")
    row = int(place * len(lines))
    fields = lines[row].split(b"\t")
    fields[int(other * len(fields))] = chunk
    lines[row] = b"\t".join(fields)
    return b"\n".join(lines)


def replace_everywhere(content: bytes, place: float, other: float, chunk: bytes) -> bytes:
    start = _at(content, place)
    word = content[start : start + 1 + int(other * 6)]
    return content.replace(word, chunk[:50]) if word else content


def pack(content: bytes, _place: float, _other: float, _chunk: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


CHANGES: tuple[Callable[[bytes, float, float, bytes], bytes], ...] = (
    flip, cut, insert, remove, repeat, swap_lines, replace_field, replace_everywhere, pack,
)  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, valid: bytes) -> bytes:
    """Draw `valid` after one to four changes, or anything at all."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.lists(chunks, max_size=30).map(b"".join))
    content = valid
    for _ in range(draw(st.integers(1, 4))):
        content = draw(st.sampled_from(CHANGES))(content, draw(places), draw(places), draw(chunks))[:2_000_000]
    return content
