"""The record beside a fetched file: where it came from and what its bytes were."""

from __future__ import annotations

import hashlib
import json
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path

from dermshift.errors import Problem
from dermshift.io.atomic import sha256, write_bytes
from dermshift.io.cache import of_path

FETCHED, BY_HAND = "fetched", "placed by hand"


@dataclass(frozen=True)
class Record:
    """Facts of a file.

    Parameters
    ----------
    address
        Where the file was fetched from, after redirects; for a file placed by hand, where it would have been.
    origin
        ``fetched`` or ``placed by hand``.
    size
        Bytes.
    date
        When it was fetched or first seen, UTC, ISO 8601.
    etag, last_modified
        As the server gave them, or "".
    dermshift
        Version that wrote the record.
    release
        Of a collection of gene sets; "" for other files.
    """

    address: str
    origin: str
    size: int
    sha256: str
    date: str
    etag: str
    last_modified: str
    dermshift: str
    release: str = ""


def record_path(path: Path) -> Path:
    """Return where the record of `path` is."""
    return path.with_name(f"{path.name}.json")


def write_record(record: Record, path: Path) -> None:
    """Write the record of the file at `path`."""
    text = json.dumps(asdict(record), indent=2, sort_keys=True)
    write_bytes(f"{text}\n".encode(), record_path(path))


def read_record(path: Path) -> Record | None:
    """Return the record of the file at `path`; None where there is none that can be read."""
    try:
        value = json.loads(record_path(path).read_text("utf-8"))
        named = [field for field in fields(Record) if field.default is MISSING or field.name in value]
        record = Record(**{field.name: value[field.name] for field in named})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return record


def intact(path: Path, record: Record) -> bool:
    """Say whether the file at `path` is there and is the recorded one."""
    return path.is_file() and path.stat().st_size == record.size and sha256(path) == record.sha256


def altered(path: str, content: bytes) -> Problem | None:
    """Return a problem if `content`, read from `path` in the cache, is not what the record says."""
    cached = of_path(path)
    record = read_record(Path(path)) if cached else None
    if cached is None or record is None or record.sha256 == hashlib.sha256(content).hexdigest():
        return None
    return Problem(
        path,
        f"{len(content)} bytes that are not those fetched on {record.date[:10]}",
        f"the recorded file: {record.size} bytes, sha256 {record.sha256}",
        f"Run: {cached.command}. To keep a file you placed there yourself, delete {record_path(Path(path))}",
    )
