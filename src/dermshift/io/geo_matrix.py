"""Expression matrices as GEO series matrix files."""

from __future__ import annotations

from collections import Counter
from textwrap import shorten
from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import refuse
from dermshift.io.geo_series import AGAIN, BEGIN, is_series, read_series
from dermshift.io.geo_tags import characteristics, report
from dermshift.io.matrix import NO_HINTS, Hints, Matrix, Reader, pick
from dermshift.io.numbers import to_numbers
from dermshift.io.text import Grid, fields, ragged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dermshift.io.geo_series import Series

ID = "id_ref"
PROSE = 300
"""Characters of the processing text that are shown."""


def read_series_matrix(path: str, samples: Sequence[str], _hints: Hints = NO_HINTS) -> Matrix:
    """Read the samples the sheet names from a series matrix; the other samples of the series are left out, and named.

    Raises
    ------
    FormatError
        No complete table, an empty one, several platforms, no sample of the sheet, or values that are no numbers.
    """
    series = read_series(path)
    grid = _table(series)
    names = grid.header[1:]
    places, unlisted, _ = pick(names, samples)
    if not places:
        found = f"none of the samples of the sheet ({listed(samples, 5)}); samples here: {listed(names, 5)}"
        action = "Name the samples in the sheet by their GSM accession; dermshift sheet drafts such a sheet."
        raise refuse(path, found, "the samples of the sheet", action)
    chosen = [names[place] for place in places]
    return Matrix(
        values=to_numbers(grid, [place + 1 for place in places]).T.copy(),
        samples=tuple(chosen),
        genes=tuple(row[0] for row in grid.rows),
        symbols=None,
        # A public file is not edited: the sheet says who takes part.
        unlisted=(),
        doubled=(),
        findings=tuple(_findings(series, chosen, unlisted, len(grid.rows))),
        platform=series.platform,
        arrays=series.arrays,
    )


def _table(series: Series) -> Grid:
    """Return the table; raise with every line that is wrong in it."""
    if not series.table:
        raise refuse(series.path, f"no line after {BEGIN}", "ID_REF and the samples, then the values", AGAIN)
    (number, first), *rest = series.table
    header = [name.strip() for name in fields(first, "\t", f"{series.path}, line {number}")]
    _need_samples(series, header, f"{series.path}, line {number}")
    if not rest:
        raise _empty(series)
    rows = [fields(line, "\t", f"{series.path}, line {place}") for place, line in rest]
    lines = [place for place, _ in rest]
    for row in rows:
        row[0] = row[0].strip()
    problems = [*ragged(rows, lines, len(header), series.path), *_wrong_names(rows, lines, series.path)]
    if problems:
        raise FormatError(*problems)
    return Grid(series.path, header, rows, lines, "\t")


def _need_samples(series: Series, header: list[str], where: str) -> None:
    names = header[1:]
    if header[0].lower() != ID:
        raise refuse(where, f"'{header[0][:80]}'", "ID_REF and the samples as the first line of the table", AGAIN)
    if not any(names):
        raise refuse(where, "ID_REF and no samples", "the accessions of the samples", AGAIN)
    doubled = [name for name, count in Counter(names).items() if count > 1 and name]
    if doubled or not all(names):
        found = f"the same sample twice: {listed(doubled)}" if doubled else "a column without a name"
        raise refuse(where, found, "each sample once", AGAIN)
    if set(names) != set(series.samples):
        differ = sorted(set(names) ^ set(series.samples))
        found = f"{len(names)} samples, {len(series.samples)} in the lines above; they differ in {listed(differ)}"
        raise refuse(where, found, "the samples of !Sample_geo_accession", AGAIN)


def _wrong_names(rows: list[list[str]], lines: list[int], path: str) -> list[Problem]:
    blank = [
        Problem(f"{path}, line {line}", "no probe set in the first column", "a name", AGAIN)
        for row, line in zip(rows, lines, strict=True)
        if not row[0]
    ]
    seen: dict[str, int] = {}
    doubled = [
        Problem(f"{path}, line {line}", f"'{row[0]}' again, first on line {seen[row[0]]}", "each probe set once", AGAIN)
        for row, line in zip(rows, lines, strict=True)
        if row[0] and seen.setdefault(row[0], line) != line
    ]
    return [*capped(blank), *capped(doubled)]


def _empty(series: Series) -> FormatError:
    """Name the files an empty table leaves, as that of an RNA-seq series always is."""
    named = [name for name in series.values("series_supplementary_file") if name.upper() != "NONE"]
    # A folder of raw reads holds no values.
    files = [name for name in named if "." in name.rsplit("/", 1)[-1]] or named
    kind = series.first("sample_library_strategy") or series.first("series_type") or "unknown type"
    found = f"an empty table: {series.accession or 'the series'} ({kind}) keeps its values in other files"
    action = "Make a matrix of one of the supplementary files, raw counts if there are any, and name that: "
    if not files:
        action = "Look for the values among the supplementary files of the samples, or at the authors"
    return refuse(series.path, found, "a table of values", f"{action}{listed(files, 20)}.")


def _findings(series: Series, chosen: list[str], unlisted: tuple[str, ...], rows: int) -> Iterator[Finding]:
    yield Finding("matrix_layout", "note", f"GEO series matrix, {rows} rows, {len(series.samples)} samples")
    texts = series.by_sample("sample_data_processing")
    processing = dict(zip(series.samples, zip(*texts, strict=True), strict=True)) if texts else {}
    different = list(dict.fromkeys(processing.get(name, ()) for name in chosen))
    said = shorten(" ".join(different[0]), PROSE, placeholder=" ...") or "nothing said"
    named = f"{series.accession or 'no accession'}: {series.first('series_title') or 'no title'}"
    yield Finding("geo_series", "note", f"{named}; platform {series.platform or 'unknown'}; processing: {said}")
    yield report(characteristics(series))
    if len(different) > 1:
        text = f"{len(different)} different descriptions of the processing among the samples of the sheet"
        yield Finding("geo_processing", "warning", f"{text}: their values may not be comparable")
    if unlisted:
        text = f"{len(unlisted)} of {len(series.samples)} samples of the series are not in the sheet and are left out"
        yield Finding("geo_left_out", "warning", f"{text}: {listed(unlisted, 50)}")
    announced = series.values("sample_data_row_count")
    if announced and announced != [str(rows)]:
        text = f"{rows} rows in the table, {listed(announced)} in !Sample_data_row_count"
        yield Finding("geo_row_count", "warning", text)
    if series.oddities:
        yield Finding("geo_header", "warning", f"above the table: {listed(series.oddities, 5)}")


READER = Reader(
    name="geo_series_matrix",
    summary="GEO series matrix, plain or gzip, known by its name or its first line; the sheet says which samples count",
    suffixes=("series_matrix.txt", "series_matrix.txt.gz"),
    function=read_series_matrix,
    recognises=is_series,
)
