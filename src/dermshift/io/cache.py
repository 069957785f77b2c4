"""Names that stand for files of the cache: ``geo:ACCESSION`` and ``sets:COLLECTION``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.io import geo_cache, sets_cache

if TYPE_CHECKING:
    from pathlib import Path

    from dermshift.errors import Problem


def resolve(text: str) -> str:
    """Return the path in the cache that ``geo:...`` or ``sets:...`` stands for; any other text stays as it is.

    Raises
    ------
    ConfigError
        A malformed accession, or an unknown collection or release.
    """
    return str(sets_cache.parse(text).path) if text.startswith(sets_cache.PREFIX) else geo_cache.resolve(text)


def of_path(path: str | Path) -> geo_cache.Accession | sets_cache.Collection | None:
    """Return what has its place in the cache at `path`, None for any other path."""
    return geo_cache.of_path(path) or sets_cache.of_path(path)


def portable(path: str) -> str:
    """Return the name of a file of the cache, whose path differs from one computer to the next, else `path`."""
    collection = sets_cache.of_path(path)
    return collection.written if collection else geo_cache.portable(path)


def missing(path: str) -> Problem | None:
    """Return what to do about an absent file of the cache; None if `path` exists or is no place of the cache."""
    return geo_cache.missing(path) or sets_cache.missing(path)
