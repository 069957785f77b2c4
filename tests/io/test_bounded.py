"""Files that are too large, packed or not, are refused before they fill the memory."""

from __future__ import annotations

import gzip
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from dermshift.errors import FormatError
from dermshift.io import bounded
from dermshift.io.decode import read_bytes

if TYPE_CHECKING:
    from pathlib import Path


def test_the_largest_file_is_read_and_one_byte_more_is_refused(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(bounded, "MOST_BYTES", 1000)
    path = tmp_path / "a.tsv"
    for content in (b"x" * 1000, gzip.compress(b"x" * 1000)):
        path.write_bytes(content)
        assert read_bytes(str(path)) == b"x" * 1000
    path.write_bytes(b"x" * 1001)
    with pytest.raises(FormatError, match="1,001 bytes"):
        read_bytes(str(path))
    path.write_bytes(gzip.compress(b"x" * 1001))
    with pytest.raises(FormatError, match="more than 1,000 bytes once it is unpacked"):
        read_bytes(str(path))


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(bounded, "SMALL", 2_000_000)
    monkeypatch.setattr(bounded, "CHUNK", 100_000)
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"\0" * 50_000_000))
    tracemalloc.start()
    with pytest.raises(FormatError, match="500 times"):
        read_bytes(str(path))
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()


def test_members_of_one_gzip_file_are_joined_and_damage_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv.gz"
    path.write_bytes(gzip.compress(b"one\n") + gzip.compress(b"two\n"))
    assert read_bytes(str(path)) == b"one\ntwo\n"
    path.write_bytes(gzip.compress(b"one\n")[:-3])
    with pytest.raises(FormatError, match="damaged gzip"):
        read_bytes(str(path))
