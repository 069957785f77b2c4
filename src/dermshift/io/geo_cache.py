"""Where files of GEO are at NCBI and in the cache; light, and without any network."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from dermshift.errors import ConfigError, Problem

PREFIX = "geo:"
CACHE, BASE = "DERMSHIFT_CACHE", "DERMSHIFT_GEO"
NCBI = "https://ftp.ncbi.nlm.nih.gov/geo"
WORDS = re.compile(r"(?:(?P<series>GSE[1-9]\d{0,8})(?:[/-](?P<on>GPL[1-9]\d{0,8}))?|(?P<platform>GPL[1-9]\d{0,8}))")
FILE = re.compile(r"(?P<words>[A-Z0-9-]+?)(?:_series_matrix\.txt|\.annot)\.gz")


@dataclass(frozen=True)
class Accession:
    """A series matrix (`series`, with `platform` where the series has one file per platform) or a platform annotation.

    Parameters
    ----------
    series
        ``GSE14520``, or "" for a platform annotation.
    platform
        ``GPL571``, or "" for a series of one platform.
    """

    series: str = ""
    platform: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.series, self.platform) if part)

    @property
    def file(self) -> str:
        """Name of the file, at NCBI and in the cache."""
        if self.series:
            return f"{str(self).replace('/', '-')}_series_matrix.txt.gz"
        return f"{self.platform}.annot.gz"

    @property
    def path(self) -> Path:
        """Where the file is, or would be, in the cache."""
        return cache_folder() / self.file

    @property
    def command(self) -> str:
        """What fetches it."""
        return f"dermshift fetch {self}"

    def address(self, base: str = "") -> str:
        """Return the address of the file below `base` (default: that of the environment, else NCBI's)."""
        kind, name, folder = ("series", self.series, "matrix") if self.series else ("platforms", self.platform, "annot")
        return f"{base.rstrip('/') or base_address()}/{kind}/{name[:3]}{name[3:-3]}nnn/{name}/{folder}/{self.file}"


def base_address() -> str:
    """Return the address GEO's folders are below: the environment's, else NCBI's."""
    return os.environ.get(BASE, "").rstrip("/") or NCBI


def cache_folder() -> Path:
    """Return the folder of fetched files, whether or not it exists."""
    chosen = os.environ.get(CACHE, "")
    return Path(chosen).expanduser().absolute() if chosen else user_cache_path("dermshift", appauthor=False) / "geo"


def parse(text: str) -> Accession:
    """Read ``GSE10433``, ``GSE14520/GPL571`` or ``GPL571``, with or without ``geo:``.

    Raises
    ------
    ConfigError
        The text is none of these.
    """
    words = WORDS.fullmatch(text.removeprefix(PREFIX).upper())
    if words is None:
        action = "Correct the accession; samples (GSM) and data sets (GDS) have no series matrix."
        raise ConfigError(Problem(f"'{text}'", "no GEO accession", "GSE10433, GSE14520/GPL571 or GPL571", action))
    return Accession(words["series"] or "", words["on"] or words["platform"] or "")


def resolve(text: str) -> str:
    """Return the path in the cache that ``geo:ACCESSION`` stands for; any other text is a path and stays as it is.

    Raises
    ------
    ConfigError
        A malformed accession.
    """
    return str(parse(text).path) if text.startswith(PREFIX) else text


def of_path(path: str | Path) -> Accession | None:
    """Return the accession whose place in the cache `path` is, None for any other path."""
    path = Path(path)
    found = FILE.fullmatch(path.name)
    if found is None or not WORDS.fullmatch(found["words"]):
        return None
    accession = parse(found["words"])
    return accession if accession.path == path else None


def portable(path: str) -> str:
    """Return ``geo:ACCESSION`` for a path in the cache, which differs from one computer to the next, else `path`."""
    accession = of_path(path)
    return f"{PREFIX}{accession}" if accession else path


def missing(path: str) -> Problem | None:
    """Return what to do about an absent file of GEO; None if `path` exists or is no place of the cache."""
    if WORDS.fullmatch(path) and not Path(path).exists():
        action = f"Write {PREFIX}{path}; dermshift fetch {path} gets its file."
        return Problem(path, "an accession, and no file of that name", f"a path, or {PREFIX}{path}", action)
    accession = of_path(path)
    if accession is None or accession.path.exists():
        return None
    return Problem(
        f"{PREFIX}{accession}",
        f"no such file: {path}",
        f"the file of {accession.address()}",
        f"Run: {accession.command}. Without a network, download that address elsewhere and save it as {path}",
    )
