from __future__ import annotations

import asyncio
import hashlib
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from snakemake.io import _IOFile

from dermshift.workflow.checksums import _remembering, take_once

if TYPE_CHECKING:
    from pathlib import Path


class Counted:
    """Stands for Snakemake's own function, and counts."""

    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self, file: Any, threshold: int | None = None, **options: Any) -> str | None:
        self.calls += 1
        found = file.path.read_bytes() if file.path.is_file() else None
        return None if found is None or len(found) > (threshold or 0) else hashlib.sha256(found).hexdigest()


def of(path: Path, **more: Any) -> Any:
    return SimpleNamespace(file=str(path), path=path, is_storage=False, **more)


def test_a_file_is_read_once_until_it_changes(tmp_path: Path) -> None:
    usual, path = Counted(), tmp_path / "a"
    checksum = _remembering(usual)
    path.write_bytes(b"one")
    first = [asyncio.run(checksum(of(path), 100)) for _ in range(3)]
    assert usual.calls == 1
    assert set(first) == {hashlib.sha256(b"one").hexdigest()}
    (tmp_path / "b").write_bytes(b"two")  # as files are replaced: whole, and of the same size
    (tmp_path / "b").replace(path)
    assert asyncio.run(checksum(of(path), 100)) == hashlib.sha256(b"two").hexdigest()
    assert usual.calls == 2


def test_what_was_asked_for_counts(tmp_path: Path) -> None:
    usual, path = Counted(), tmp_path / "a"
    checksum = _remembering(usual)
    path.write_bytes(b"one")
    assert asyncio.run(checksum(of(path), 100)) is not None
    assert asyncio.run(checksum(of(path), 2)) is None
    assert asyncio.run(checksum(of(path), 100, force=True)) is not None
    assert usual.calls == 3


def test_a_file_that_is_not_there_is_never_remembered(tmp_path: Path) -> None:
    usual, path = Counted(), tmp_path / "a"
    checksum = _remembering(usual)
    assert [asyncio.run(checksum(of(path), 100)) for _ in range(2)] == [None, None]
    path.write_bytes(b"one")
    assert asyncio.run(checksum(of(path), 100)) == hashlib.sha256(b"one").hexdigest()


def test_it_is_put_into_snakemake_once() -> None:
    before = _IOFile.checksum
    try:
        take_once()
        put = _IOFile.checksum
        take_once()
        assert _IOFile.checksum is put
        assert put is not before
    finally:
        _IOFile.checksum = before
