from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dermshift.io.atomic import replacing, sha256, write_bytes

if TYPE_CHECKING:
    from pathlib import Path


def _write_half(target: Path) -> None:
    with replacing(target) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "a.txt"
    write_bytes(b"old", target)
    with pytest.raises(RuntimeError):
        _write_half(target)
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_bytes(b"x", tmp_path / "a" / "b" / "c.txt")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == b"x"


def test_sha256_is_that_of_the_content(tmp_path: Path) -> None:
    write_bytes(b"abc", tmp_path / "a")
    assert sha256(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
