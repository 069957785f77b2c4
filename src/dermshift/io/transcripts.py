"""Which transcript belongs to which gene: the map the user gives, matched to the names of a quantification."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.checks.finding import Finding, capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import refuse
from dermshift.io.text import read_grid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

VERSION = re.compile(r"\.\d+(_PAR_Y)?$")
SYMBOLS = frozenset({"genename", "genesymbol", "symbol", "externalgenename", "hgncsymbol"})
GENES = frozenset({"gene", "geneid", "ensemblgeneid", "ensemblgeneidversion", "geneidversion"})
"""Names of columns, letters only."""
ACTION = "Make the map from the annotation the index was built from, with transcripts and genes in two columns."


@dataclass(frozen=True)
class TranscriptMap:
    """Gene of each transcript of a quantification, "" where the map has none, and symbols of the genes it names."""

    genes: tuple[str, ...]
    symbols: dict[str, str]
    findings: tuple[Finding, ...]


def _same(name: str) -> str:
    return name


def _before_bar(name: str) -> str:
    return name.split("|", 1)[0]


def _without_version(name: str) -> str:
    # The copy in the pseudoautosomal region of Y is another transcript.
    return VERSION.sub(r"\1", name)


def _bare(name: str) -> str:
    return _without_version(_before_bar(name))


SPELLINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("as written", _same),
    ("up to the first |", _before_bar),
    ("without version", _without_version),
    ("up to the first |, without version", _bare),
)
"""Tried in this order; a later one is taken only where it finds more transcripts."""


def read_transcript_map(path: str, transcripts: Sequence[str]) -> TranscriptMap:
    """Read a table of transcripts and genes; the column that holds `transcripts` is found by them.

    Parameters
    ----------
    path
        CSV or TSV of two columns or more, with or without a header.
    transcripts
        Names of the quantification.

    Raises
    ------
    FormatError
        Not readable, no transcript in it, or a transcript of several genes.
    """
    grid = read_grid(path)
    rows, lines = [grid.header, *grid.rows], [1, *grid.lines]
    words, spell, place = _best(rows, transcripts)
    if place < 0:
        found = f"none of the {len(transcripts)} transcripts; here {listed(grid.rows[0], 3)}; there {transcripts[0]}"
        raise refuse(path, found, "the transcripts of the quantification", ACTION)
    wanted = {spell(name) for name in transcripts}
    header = rows[0] if spell(rows[0][place]) not in wanted else []
    gene, symbol = _gene_columns(path, rows[0], header, place)
    first = 1 if header else 0
    known = _genes(path, [(spell(row[place]), row[gene].strip()) for row in rows[first:]], lines[first:])
    genes = tuple(known.get(spell(name), "") for name in transcripts)
    pairs = [(row[gene].strip(), row[symbol].strip()) for row in rows[first:]] if symbol >= 0 else []
    title = f"'{header[place]}'" if header else f"column {place + 1}"
    text = f"transcripts in {title}, genes in {repr(header[gene]) if header else f'column {gene + 1}'}"
    findings = (Finding("transcripts", "note", f"{text}; names matched {words}"),)
    return TranscriptMap(genes, dict(reversed(pairs)), findings)


def _gene_columns(path: str, first: Sequence[str], header: Sequence[str], transcript: int) -> tuple[int, int]:
    """Return the places of the genes and of their symbols, -1 for no symbols."""
    symbol = next((i for i, name in enumerate(header) if _letters(name) in SYMBOLS and i != transcript), -1)
    # R writes the names of rows into a first column without a name.
    others = [i for i, name in enumerate(first) if i not in (transcript, symbol) and name.strip()]
    if not others and symbol >= 0:
        return symbol, -1
    named = [i for i in others if header and _letters(header[i]) in GENES]
    if len(others) == 1 or (others and not header):
        return others[0], symbol
    if len(named) != 1:
        found = f"no column of genes among {listed(first)}"
        raise refuse(path, found, "transcripts in one column, genes in another named gene_id", ACTION)
    return named[0], symbol


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def _best(rows: Sequence[Sequence[str]], transcripts: Sequence[str]) -> tuple[str, Callable[[str], str], int]:
    """Return the spelling and the column that find most transcripts; column -1 where none does."""
    best: tuple[str, Callable[[str], str], int] = ("", _same, -1)
    most = 0
    for words, spell in SPELLINGS:
        wanted = {spell(name) for name in transcripts}
        for place in range(len(rows[0])):
            hits = len(wanted & {spell(row[place]) for row in rows})
            if hits > most:
                best, most = (words, spell, place), hits
            if hits == len(wanted):
                return best
    return best


def _genes(path: str, pairs: Sequence[tuple[str, str]], lines: Sequence[int]) -> dict[str, str]:
    known: dict[str, str] = {}
    wrong = []
    for (transcript, gene), line in zip(pairs, lines, strict=True):
        if gene and known.setdefault(transcript, gene) != gene:
            found = f"transcript '{transcript}' of gene '{gene}', above of '{known[transcript]}'"
            wrong.append(Problem(f"{path}, line {line}", found, "one gene for each transcript", ACTION))
    if wrong:
        raise FormatError(*capped(wrong))
    return known
