"""Fetching published gene-set collections, with the release they belong to."""

from __future__ import annotations

from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from dermshift.errors import FetchError, Problem
from dermshift.io.atomic import sha256, write_bytes
from dermshift.io.fetch import Fetched, fetch_file, there
from dermshift.io.fetch_job import AbsentError, Job, Options
from dermshift.io.fetch_kind import GMT, ZIP
from dermshift.io.fetch_record import write_record
from dermshift.io.fetch_zip import only_file
from dermshift.io.gene_files import read_gmt_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dermshift.io.fetch_record import Record
    from dermshift.io.sets_cache import Collection

CURRENT = "current"


def fetch_sets(
    collections: Iterable[Collection], *, base: str = "", options: Options | None = None
) -> Iterator[tuple[Collection, Fetched]]:
    """Yield each collection with its GMT file as soon as it is there.

    Parameters
    ----------
    base
        Address the releases are below; "" for that of the environment or the publisher.

    Raises
    ------
    ConfigError
        `base` is no web address.
    FetchError
        A file could not be fetched or is not what it should be; those yielded before are complete.
    """
    for collection in dict.fromkeys(collections):
        try:
            fetched = _fetch(collection, base, options or Options())
            stamped = _stamped(fetched, collection)
        except AbsentError as error:
            raise FetchError(_absent(collection, error.problems[0])) from error
        except OSError as error:
            raise Job(collection.address(base), collection.path).unwritable(error) from error
        yield collection, stamped


def _fetch(collection: Collection, base: str, options: Options) -> Fetched:
    address, path = collection.address(base), collection.path
    if not collection.packed:
        return fetch_file(address, path, options, GMT)
    found = None if options.refresh else there(Job(address, path), GMT)
    return found or _unpacked(fetch_file(address, path.with_name(f"{path.name}.zip"), options, ZIP), path)


def _unpacked(archive: Fetched, path: Path) -> Fetched:
    """Put the one file of an archive at `path`, with a record of its own: that of the archive, size and sum apart."""
    content = only_file(archive.path, ".gmt")
    read_gmt_text(content, f"{archive.path} (unpacked)")
    # Record last: without one the file passes as placed by hand, with a wrong one it would be refused.
    write_bytes(content, path)
    record = replace(archive.record, size=len(content), sha256=sha256(path))
    write_record(record, path)
    return Fetched(path, record, new=archive.new)


def _stamped(fetched: Fetched, collection: Collection) -> Fetched:
    """Return the file with its release in the record."""
    release = _release(fetched.record, collection)
    if fetched.record.release == release:
        return fetched
    record = replace(fetched.record, release=release)
    write_record(record, fetched.path)
    return replace(fetched, record=record)


def _release(record: Record, collection: Collection) -> str:
    """Return the release; where the address says only "current", the day the file was last changed."""
    if collection.release != CURRENT:
        return collection.release
    try:
        return f"{CURRENT}, last modified {parsedate_to_datetime(record.last_modified).date().isoformat()}"
    except ValueError:
        return f"{CURRENT}, date unknown"


def _absent(collection: Collection, problem: Problem) -> Problem:
    source = collection.source
    action = f"Check the release: dermshift fetch sets {source.name}/{source.example}, for example. Else --base."
    return Problem(problem.where, problem.found, f"release {collection.release} of {source.title}", action)
