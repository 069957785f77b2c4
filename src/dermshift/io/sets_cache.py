"""Where published gene-set collections are, and where they are in the cache; light, and without any network."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path

from dermshift.errors import ConfigError, Problem
from dermshift.io.geo_cache import CACHE

PREFIX = "sets:"
BASE = "DERMSHIFT_SETS"
ZIP = ".zip"


@dataclass(frozen=True)
class Source:
    """A published collection of gene sets (human, symbols).

    Parameters
    ----------
    name
        As configs and commands call it, and the collection's name in every table.
    base, file
        Address the releases are below, and what follows it; ``{release}`` stands for the release.
    release
        The one that is meant where none is named.
    releases
        What a release looks like, and (`example`) one of them.
    """

    name: str
    title: str
    licence: str
    base: str
    file: str
    release: str
    releases: re.Pattern[str]
    example: str


MSIGDB = "https://data.broadinstitute.org/gsea-msigdb/msigdb/release"
MSIGDB_RELEASES = re.compile(r"20\d\d\.\d{1,2}\.Hs")
SOURCES = (
    Source(
        "hallmark", "Hallmark, MSigDB (doi:10.1016/j.cels.2015.12.004)", "CC BY 4.0", MSIGDB,
        "{release}/h.all.v{release}.symbols.gmt", "2024.1.Hs", MSIGDB_RELEASES, "2023.2.Hs",
    ),
    Source(
        "reactome", "Reactome pathways (reactome.org)", "CC0 1.0", "https://reactome.org/download",
        "{release}/ReactomePathways.gmt.zip", "current", re.compile(r"current|[1-9]\d{1,2}"), "current",
    ),
    Source(
        "go", "Gene Ontology biological process, MSigDB C5 (geneontology.org)", "CC BY 4.0", MSIGDB,
        "{release}/c5.go.bp.v{release}.symbols.gmt", "2024.1.Hs", MSIGDB_RELEASES, "2023.2.Hs",
    ),
)  # fmt: skip
"""Every collection that can be fetched by name."""


@dataclass(frozen=True)
class Collection:
    """One release of a collection."""

    source: Source
    release: str

    def __str__(self) -> str:
        """``hallmark``, or ``hallmark/2023.2.Hs`` where it is not the usual release."""
        name, release = self.source.name, self.release
        return name if release == self.source.release else f"{name}/{release}"

    @property
    def written(self) -> str:
        """How a config names it, with its release."""
        return f"{PREFIX}{self.source.name}/{self.release}"

    @property
    def path(self) -> Path:
        """Where the GMT file is, or would be, in the cache."""
        return sets_folder() / self.release / f"{self.source.name}.gmt"

    @property
    def packed(self) -> bool:
        """Whether the publisher has it as a zip archive."""
        return self.source.file.endswith(ZIP)

    @property
    def command(self) -> str:
        """What fetches it."""
        return f"dermshift fetch sets {self}"

    def address(self, base: str = "") -> str:
        """Return the address of the file below `base` (default: that of the environment, else the publisher's)."""
        chosen = (base or os.environ.get(BASE, "")).rstrip("/") or self.source.base
        return f"{chosen}/{self.source.file.format(release=self.release)}"


def sets_folder() -> Path:
    """Return the folder of fetched collections, whether or not it exists."""
    chosen = os.environ.get(CACHE, "")
    above = Path(chosen).expanduser().absolute() if chosen else user_cache_path("dermshift", appauthor=False)
    return above / "sets"


def parse(text: str, release: str = "") -> Collection:
    """Read ``hallmark`` or ``hallmark/2023.2.Hs``, with or without ``sets:``.

    Parameters
    ----------
    release
        The one that is meant where `text` names none; "" for the usual one.

    Raises
    ------
    ConfigError
        No such collection, or nothing that looks like a release of it.
    """
    name, slash, named = text.removeprefix(PREFIX).partition("/")
    source = next((one for one in SOURCES if one.name == name), None)
    if source is None:
        expected = f"one of {', '.join(one.name for one in SOURCES)}"
        action = "Correct the name; any other GMT file is named by its path."
        raise ConfigError(Problem(f"'{text}'", "no collection of that name", expected, action))
    asked = named if slash else release or source.release
    if not source.releases.fullmatch(asked):
        expected = f"a release such as {source.example}"
        action = f"Correct it, or leave it out for {source.release}; each collection has its own: {name}/RELEASE."
        raise ConfigError(Problem(f"'{text}'", f"no release of {name}: '{asked}'", expected, action))
    return Collection(source, asked)


def of_path(path: str | Path) -> Collection | None:
    """Return the collection whose place in the cache `path` is, None for any other path."""
    path = Path(path)
    if path.suffix != ".gmt" or path.stem not in {one.name for one in SOURCES}:
        return None
    try:
        collection = parse(f"{path.stem}/{path.parent.name}")
    except ConfigError:
        return None
    return collection if collection.path == path else None


def missing(path: str) -> Problem | None:
    """Return what to do about an absent collection; None if `path` exists or is no place of a collection."""
    if path in {one.name for one in SOURCES} and not Path(path).exists():
        action = f"Write {PREFIX}{path}; dermshift fetch sets {path} gets its file."
        return Problem(path, "the name of a collection, and no file of that name", f"a path, or {PREFIX}{path}", action)
    collection = of_path(path)
    if collection is None or collection.path.exists():
        return None
    unpack = ", unpack it" if collection.packed else ""
    by_hand = f"Without a network, download that address elsewhere{unpack} and save it as {path}"
    address = collection.address()
    action = f"Run: {collection.command}. {by_hand}"
    return Problem(f"{PREFIX}{collection}", f"no such file: {path}", f"the gene sets of {address}", action)
