"""``dermshift fetch``: files of GEO into the cache."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.errors import Problem
    from dermshift.io.geo_cache import Accession

Words = Annotated[
    list[str],
    typer.Argument(metavar="ACCESSION", help="GSE10433, GSE14520/GPL571 (of several platforms) or GPL571."),
]
Base = Annotated[str, typer.Option(help="Address GEO's folders are below; default: DERMSHIFT_GEO, else NCBI.")]
Alone = Annotated[bool, typer.Option("--no-annotation", help="Leave out the annotation of the platforms.")]
Refresh = Annotated[bool, typer.Option("--refresh", help="Fetch again what is there, and accept another content.")]
Offline = Annotated[bool, typer.Option("--offline", help="Use no network; refuse what is not in the cache.")]


def fetch(
    accession: Words,
    base: Base = "",
    no_annotation: Alone = False,
    refresh: Refresh = False,
    offline: Offline = False,
    tries: Annotated[int, typer.Option(min=1, max=100, help="Requests of one file before giving up.")] = 5,
    wait: Annotated[float, typer.Option(min=0, max=60, help="Seconds before the second try; then doubled.")] = 1.0,
    timeout: Annotated[float, typer.Option(min=0.01, max=3600, help="Seconds to wait for an answer.")] = 30.0,
) -> None:
    """Fetch series matrices and platform annotations from GEO into the cache, once, whole and with their checksums."""
    from dermshift.io.fetch_geo import fetch_geo
    from dermshift.io.fetch_job import Options

    wanted = _parsed(accession)
    options = Options(tries, wait, timeout, refresh, offline, sys.stderr.isatty(), _tell)
    for _, fetched in fetch_geo(wanted, base=base, annotation=not no_annotation, options=options):
        record = fetched.record
        state = "fetched" if fetched.new else f"in the cache, {record.origin} on {record.date[:10]}"
        print(f"{fetched.path}\n  {record.size} bytes, {state}\n  sha256 {record.sha256}")
    _next_step(wanted)


def _parsed(texts: Sequence[str]) -> list[Accession]:
    from dermshift.errors import ConfigError
    from dermshift.io.geo_cache import parse

    wanted: list[Accession] = []
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
