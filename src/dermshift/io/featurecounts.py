"""Counts of featureCounts (Subread): annotation columns first, the paths of BAM files as names of samples."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import decode, read_bytes, refuse
from dermshift.io.glance import first_lines
from dermshift.io.matrix import NO_HINTS, SYMBOL_COLUMNS, Hints, Matrix, Reader
from dermshift.io.text import Grid, fields, ragged
from dermshift.io.text_matrix import matrix_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

COMMENT = "# Program:featureCounts"
ANNOTATION = ["Geneid", "Chr", "Start", "End", "Strand", "Length"]
EXTRA = re.compile(r'"--extraAttributes" "([^"]*)"')
ENDING = re.compile(
    r"""[._-]?(bam|sam|cram|Aligned|sortedByCoord|out|sorted|sort|coordSorted|primary|unique|nodup
    |markdup|markDuplicates|marked_duplicates|dedup|dedupped|deduplicated|umi_dedup|rmdup)$""",
    re.IGNORECASE | re.VERBOSE,
)
EXPECTED = "the table featureCounts wrote (-o), not edited"


def read_featurecounts(path: str, samples: Sequence[str], _hints: Hints = NO_HINTS) -> Matrix:
    """Read the counts; of the annotation columns only a symbol is kept.

    Raises
    ------
    FormatError
        Layout, two BAM files of one name, or as from `text_matrix.read_text_matrix`.
    """
    grid, command = _grid(path)
    extra = match[1].split(",") if (match := EXTRA.search(command)) else []
    first = len(ANNOTATION) + len(extra)
    symbol = next((place for place in range(6, first) if grid.header[place] in SYMBOL_COLUMNS), None)
    names, renamed = _names(path, grid.header[first:], set(samples))
    kept = [0, *([symbol] if symbol is not None else []), *range(first, len(grid.header))]
    header = ["Geneid", *([grid.header[symbol]] if symbol is not None else []), *names]
    rows = [[row[place] for place in kept] for row in grid.rows]
    matrix = matrix_of(Grid(path, header, rows, grid.lines, "\t"), samples, f"featureCounts, {len(rows)} rows")
    return replace(matrix, findings=(*matrix.findings, *renamed, *_fractions(matrix, command)))


def _grid(path: str) -> tuple[Grid, str]:
    text = decode(read_bytes(path), path)
    numbered = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    command = numbered[0][1] if numbered and numbered[0][1].startswith("#") else ""
    numbered = numbered[1:] if command else numbered
    if len(numbered) < 2:
        raise refuse(path, "no table", EXPECTED, "Run featureCounts again.")
    header = fields(numbered[0][1], "\t", f"{path}, line {numbered[0][0]}")
    if header[: len(ANNOTATION)] != ANNOTATION or len(header) == len(ANNOTATION):
        raise refuse(path, f"the columns {listed(header, 7)}", f"{', '.join(ANNOTATION)}, then BAM files", EXPECTED)
    rows = [fields(line, "\t", f"{path}, line {number}") for number, line in numbered[1:]]
    lines = [number for number, _ in numbered[1:]]
    if wrong := ragged(rows, lines, len(header), path):
        raise FormatError(*wrong)
    return Grid(path, header, rows, lines, "\t"), command


def _names(path: str, files: Sequence[str], samples: Collection[str]) -> tuple[list[str], tuple[Finding, ...]]:
    """Return the sample each BAM file stands for."""
    names = [_name(file, samples) for file in files]
    by_name: dict[str, list[str]] = defaultdict(list)
    for name, file in zip(names, files, strict=True):
        by_name[name].append(file)
    shared = [
        Problem(
            f"{path}, header",
            f"{len(several)} BAM files would share the name '{name}': {listed(several)}",
            "a name of its own for every BAM file",
            "Rename the columns, or keep one of them.",
        )
        for name, several in by_name.items()
        if len(several) > 1
    ]
    if shared:
        raise FormatError(*capped(shared))
    changed = [f"{name} ({file})" for name, file in zip(names, files, strict=True) if name != file]
    if not changed:
        return names, ()
    text = f"folder and ending taken off {len(changed)} names of BAM files: {listed(changed, 3)}"
    return names, (Finding("sample_names", "note", text),)


def _name(file: str, samples: Collection[str]) -> str:
    """Take folder and endings off, one after the other, until a sample of the sheet is left, or nothing to take off."""
    if file in samples:
        return file
    folder, _, name = file.replace("\\", "/").rpartition("/")
    while name not in samples:
        shorter = ENDING.sub("", name)
        if shorter == name:
            return name
        if not shorter:
            # Aligned.sortedByCoord.out.bam, in a folder of the sample's name.
            return folder.rpartition("/")[2] or file
        name = shorter
    return name


def _fractions(matrix: Matrix, command: str) -> tuple[Finding, ...]:
    if '"--fraction"' not in command and (matrix.values == matrix.values.round()).all():
        return ()
    text = "reads shared among genes or places were counted in parts (--fraction): decimals, but no estimated counts"
    return (Finding("fractional_counts", "warning", f"{text}; run featureCounts without --fraction for whole counts"),)


def is_featurecounts(path: str) -> bool:
    """Tell by the first lines whether featureCounts wrote a file."""
    lines = first_lines(path)
    return bool(lines) and (lines[0].startswith(COMMENT) or lines[0].split("\t")[:6] == ANNOTATION)


READER = Reader(
    name="featurecounts",
    summary="table of featureCounts; names of samples are the BAM files without folder and ending",
    suffixes=(),
    function=read_featurecounts,
    recognises=is_featurecounts,
)
