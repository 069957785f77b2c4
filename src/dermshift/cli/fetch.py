"""``dermshift fetch``: files of GEO, and collections of gene sets, into the cache."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dermshift.errors import Problem
    from dermshift.io.fetch import Fetched
    from dermshift.io.fetch_job import Options
    from dermshift.io.geo_cache import Accession
    from dermshift.io.sets_cache import Collection

T = TypeVar("T")
SETS = "sets"
Words = Annotated[
    list[str],
    typer.Argument(
        metavar="ACCESSION... | sets COLLECTION...",
        help="GSE10433, GSE14520/GPL571 (of several platforms) or GPL571; or: sets hallmark reactome go.",
    ),
]
Base = Annotated[
    str,
    typer.Option(
        help="Address of the folders of GEO, or of the releases; default: DERMSHIFT_GEO, DERMSHIFT_SETS, else its own."
    ),
]
Release = Annotated[str, typer.Option(help="Release of the collections of gene sets, e.g. 2024.1.Hs.")]
Alone = Annotated[bool, typer.Option("--no-annotation", help="Leave out the annotation of the platforms.")]
Refresh = Annotated[bool, typer.Option("--refresh", help="Fetch again what is there, and accept another content.")]
Offline = Annotated[bool, typer.Option("--offline", help="Use no network; refuse what is not in the cache.")]


def fetch(
    accession: Words,
    base: Base = "",
    release: Release = "",
    no_annotation: Alone = False,
    refresh: Refresh = False,
    offline: Offline = False,
    tries: Annotated[int, typer.Option(min=1, max=100, help="Requests of one file before giving up.")] = 5,
    wait: Annotated[float, typer.Option(min=0, max=60, help="Seconds before the second try; then doubled.")] = 1.0,
    timeout: Annotated[float, typer.Option(min=0.01, max=3600, help="Seconds to wait for an answer.")] = 30.0,
) -> None:
    """Fetch files of GEO, or published collections of gene sets, into the cache: once, whole, with their checksums."""
    from dermshift.io.fetch_job import Options

    options = Options(tries, wait, timeout, refresh, offline, sys.stderr.isatty(), _tell)
    if accession[0] == SETS:
        _collections(accession[1:], release, base, options)
    else:
        _series(accession, release, base, options, annotation=not no_annotation)


def _series(words: Sequence[str], release: str, base: str, options: Options, *, annotation: bool) -> None:
    from dermshift.errors import ConfigError, Problem
    from dermshift.io.fetch_geo import fetch_geo
    from dermshift.io.geo_cache import parse

    if release:
        action = "Leave it out; for gene sets write: dermshift fetch sets hallmark --release 2024.1.Hs"
        raise ConfigError(Problem("--release", release, "no release: files of GEO have none", action))
    wanted: list[Accession] = _parsed(words, parse)
    for _, fetched in fetch_geo(wanted, base=base, annotation=annotation, options=options):
        _print(fetched)
    _next_step(wanted)


def _collections(words: Sequence[str], release: str, base: str, options: Options) -> None:
    from dermshift.errors import ConfigError, Problem
    from dermshift.io.fetch_sets import fetch_sets
    from dermshift.io.sets_cache import SOURCES, parse

    if not words:
        names = ", ".join(source.name for source in SOURCES)
        raise ConfigError(Problem("sets", "no collection", names, "Name one or more: dermshift fetch sets hallmark"))
    wanted: list[Collection] = _parsed(words, lambda text: parse(text, release))
    for collection, fetched in fetch_sets(wanted, base=base, options=options):
        source = collection.source
        _print(fetched)
        print(f"  {source.title}, release {fetched.record.release}, licence {source.licence}")
    print("next: name under gene_sets: " + ", ".join(f"sets:{collection}" for collection in wanted))


def _print(fetched: Fetched) -> None:
    record = fetched.record
    state = "fetched" if fetched.new else f"in the cache, {record.origin} on {record.date[:10]}"
    print(f"{fetched.path}\n  {record.size} bytes, {state}\n  sha256 {record.sha256}")


def _parsed(texts: Sequence[str], parse: Callable[[str], T]) -> list[T]:
    """Return what every text means, or refuse all wrong ones at once."""
    from dermshift.errors import ConfigError

    wanted: list[T] = []
    wrong: list[Problem] = []
    for text in texts:
        try:
            wanted.append(parse(text))
        except ConfigError as error:
            wrong += error.problems
    if wrong:
        raise ConfigError(*wrong)
    return wanted


def _tell(line: str) -> None:
    print(f"dermshift: {line}", file=sys.stderr)


def _next_step(accessions: Sequence[Accession]) -> None:
    for accession in accessions:
        if accession.series:
            name = str(accession).replace("/", "-")
            print(f"next: dermshift sheet geo:{accession} --out data/geo/{name}_samples.tsv")
