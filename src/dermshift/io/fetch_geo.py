"""Fetching from GEO: a series matrix, and the annotation of the platform it was measured on."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from dermshift.errors import FetchError, Problem
from dermshift.io.fetch import fetch_file
from dermshift.io.fetch_job import AbsentError, Options
from dermshift.io.geo_cache import Accession

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dermshift.io.fetch import Fetched

PLATFORM = "!Sample_platform_id"
TABLE = "!series_matrix_table_begin"
PAGE = "https://www.ncbi.nlm.nih.gov/geo/query/acc.cgi?acc="


def fetch_geo(
    accessions: Iterable[Accession], *, base: str = "", annotation: bool = True, options: Options | None = None
) -> Iterator[tuple[Accession, Fetched]]:
    """Yield each accession with its file as soon as it is there; after them the annotations of their platforms.

    Parameters
    ----------
    base
        Address GEO's folders are below; "" for that of the environment or NCBI.
    annotation
        Also fetch the annotation of the platforms the series were measured on.

    Raises
    ------
    ConfigError
        `base` is no web address.
    FetchError
        A file could not be fetched; those yielded before are complete.
    """
    asked = list(dict.fromkeys(accessions))
    further: dict[Accession, None] = {}
    for accession in asked:
        fetched = _fetch(accession, base, options)
        yield accession, fetched
        if accession.series and annotation:
            further |= dict.fromkeys(Accession(platform=name) for name in platforms(fetched.path))
    for accession in further:
        if accession not in asked:
            yield accession, _fetch(accession, base, options)


def platforms(path: Path) -> list[str]:
    """Return the platforms named for the samples of a series matrix, each once."""
    named: dict[str, None] = {}
    # Titles and addresses of authors may be in any encoding; accessions are ASCII.
    with gzip.open(path, "rt", encoding="latin-1") as handle:
        for line in handle:
            key, *cells = line.rstrip("\r\n").split("\t")
            if key.lower() == TABLE:
                break
            if key == PLATFORM:
                named |= dict.fromkeys(cell.strip().strip('"').strip() for cell in cells)
    return [name for name in named if name[:3] == "GPL" and name[3:].isdecimal()]


def _fetch(accession: Accession, base: str, options: Options | None) -> Fetched:
    address = accession.address(base)
    try:
        return fetch_file(address, accession.path, options)
    except AbsentError as error:
        problem = Problem(address, error.problems[0].found, f"the file of {accession}", _advice(accession))
        raise FetchError(problem) from error


def _advice(accession: Accession) -> str:
    """Return what to do where GEO has no such file."""
    series, platform = accession.series, accession.platform
    if not series:
        table = "name a table of two columns (probe set, symbol) in annotation.probes"
        return f"Check the accession. GEO annotates not every platform: {table}, and fetch with --no-annotation."
    if platform:
        return f"Check both at {PAGE}{series}. A series of one platform is fetched as {series} alone."
    several = f"A series of several platforms has one file for each: dermshift fetch {series}/GPL571, for example."
    return f"Check the accession at {PAGE}{series}. {several}"
