"""Fetching a file: once, whole, recorded, or not at all."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from dermshift import __version__
from dermshift.errors import ConfigError, Problem
from dermshift.io.atomic import sha256
from dermshift.io.fetch_job import Job, Options
from dermshift.io.fetch_kind import GZIP
from dermshift.io.fetch_lock import alone
from dermshift.io.fetch_part import Version
from dermshift.io.fetch_record import BY_HAND, FETCHED, Record, intact, read_record, write_record
from dermshift.io.fetch_tries import Download

if TYPE_CHECKING:
    from pathlib import Path

    from dermshift.errors import FetchError
    from dermshift.io.fetch_kind import Kind


@dataclass(frozen=True)
class Fetched:
    """A file that is there and whole; `new` if this call brought it."""

    path: Path
    record: Record
    new: bool


def fetch_file(address: str, destination: Path, options: Options | None = None, kind: Kind = GZIP) -> Fetched:
    """Return the file at `destination`, downloaded from `address` unless it is there already.

    A file that is there and equals its record needs no network. One without a record was placed by hand: it gets one
    if it is whole. One that differs from its record is fetched again, and has to equal the record.

    Parameters
    ----------
    address
        http or https.
    kind
        What the file has to be; a gzip file is unpacked to its end to see that it is whole.

    Raises
    ------
    ConfigError
        `address` is no web address.
    FetchError
        Nothing was fetched; `destination` is as it was.
    """
    options = options or Options()
    need_web(address)
    job = Job(address, destination)
    try:
        found = None if options.refresh else there(job, kind)
        if found or options.offline:
            return found or _refuse_offline(job, refresh=options.refresh)
        destination.parent.mkdir(parents=True, exist_ok=True)
        with alone(destination.parent, options.tell):
            # Another process may have brought it while this one waited.
            return (None if options.refresh else there(job, kind)) or _bring(job, options, kind)
    except OSError as error:
        raise job.unwritable(error) from error


def need_web(address: str) -> None:
    """Refuse an address that is not plain http or https.

    Raises
    ------
    ConfigError
        Another scheme, no host, or a user name in it (which would end up in the record).
    """
    try:
        parts = urlsplit(address)
        right = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        right = False
    if not right:
        expected = "http://HOST/... or https://HOST/..., without a user name"
        action = "Correct --base, or DERMSHIFT_GEO or DERMSHIFT_SETS in the environment."
        raise ConfigError(Problem(f"address '{address}'", "no plain web address", expected, action))


def there(job: Job, kind: Kind) -> Fetched | None:
    """Return the file if it is there and whole."""
    path = job.destination
    if not path.is_file():
        return None
    record = read_record(path)
    if record is None:
        if kind.damage(path):
            return None
        record = _record(job.address, path, BY_HAND)
        write_record(record, path)
    return Fetched(path, record, new=False) if intact(path, record) else None


def _refuse_offline(job: Job, *, refresh: bool) -> Fetched:
    found = "--offline, and no such file in the cache"
    if refresh:
        found = "--offline, and --refresh, which asks for a new download"
    elif job.destination.exists():
        found = f"--offline, and {job.destination} is not whole or not the recorded file"
    raise job.refuse(found, "a fetched file", f"Fetch without --offline, or {job.by_hand}")


def _bring(job: Job, options: Options, kind: Kind) -> Fetched:
    """Download beside the destination, and put file and record in place when all is well."""
    import pooch

    pooch.get_logger().setLevel(logging.ERROR)  # it would announce each download and its checksum
    path = job.destination
    known = None if options.refresh else read_record(path)
    staged = path.with_name(f".{path.name}.new")
    staged.unlink(missing_ok=True)
    download = Download(job, options, kind)
    try:
        pooch.retrieve(
            job.address, known.sha256 if known else None, fname=staged.name, path=path.parent, downloader=download
        )
        record = _record(download.version.address, staged, FETCHED, download.version)
        # Record first: a file older than its record is fetched again, one newer would pass as placed by hand.
        write_record(record, path)
        staged.replace(path)
    except ValueError as error:  # what pooch raises for another checksum
        raise _changed(job, known, error) from error
    finally:
        staged.unlink(missing_ok=True)
    return Fetched(path, record, new=True)


def _changed(job: Job, known: Record | None, error: ValueError) -> FetchError:
    if known is None:
        return job.refuse(str(error), "the file", f"Try again, or {job.by_hand}")
    expected = f"the file recorded on {known.date[:10]}: {known.size} bytes, sha256 {known.sha256}"
    action = "If the new content is welcome, fetch it with --refresh; results made from the old one then differ."
    return job.refuse("another content than was recorded", expected, action)


def _record(address: str, path: Path, origin: str, version: Version | None = None) -> Record:
    said = version or Version(address)
    date = datetime.now(UTC).isoformat(timespec="seconds")
    size = path.stat().st_size
    return Record(address, origin, size, sha256(path), date, said.etag, said.last_modified, __version__)
