"""Which records a row or a sentence may take its numbers from."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shown_numbers.page import AFTER_FIGURE, Block, numbers
from shown_numbers.tables import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from shown_numbers.tables import Record, Tables

P = "p_value p_genes p_sets flip_p p_value_adjusted"
CHANGE = "log2_fold_change estimate estimate_adjusted difference mean_change"
ENDS = "ci_lower ci_upper ci_lower_adjusted ci_upper_adjusted"
COLUMNS = {
    "rank": "rank n_tested", "log2 fold change": "log2_fold_change", "shrunken": "log2_fold_change_shrunken",
    "FDR": "fdr", "p": "p_value p_value_adjusted", "mean": "base_mean", "floor": "floor flip_floor",
    "own changes": "estimate", "p, plain t": "p_value", "p, flips": "flip_p p_value", "p, model": "p_value",
    "1. p, plain paired t": "p_value", "2. p, sign patterns": "p_value flip_p", "3. p, model": "p_value",
    "unadjusted": "estimate", "adjusted": "estimate_adjusted", "variance times": "variance_factor",
    "r with score": "correlation", "correlation": "correlation", "tested genes": "n_tested",
    "mean change": "mean_change estimate", "p, fry": "p_value@fry", "FDR, fry": "fdr@fry",
    "p, camera": "p_value@camera", "FDR, camera": "fdr@camera", "model": "estimate", "95 % CI": ENDS,
    "normalised score": "normalised_enrichment_score", "p, prerank (exploratory)": "p_value@prerank",
    "with everyone": "estimate", "smallest": "estimate_min", "largest": "estimate_max", "fits": "n_refits",
    "same sign": "same_sign", "p < 0.05": "significant", "as measured": "value", "log2": "log2",
    "residual df": "residual_df", "coefficients": "sizes", "libraries": "sizes",
}  # fmt: skip
"""Heading on a page to the columns it shows, and the text their record bears; any other heading: every column."""
N = r"([-+−]?[\d.,e-]*\d)"
PHRASES = {
    rf"exact p {N}": P,
    rf"\bp =? ?{N}": P,
    rf"FDR {N}": "fdr",
    rf"floor {N}": "floor flip_floor",
    rf"(?:give|flips) is {N}": "floor",
    rf"n = {N}": "n_pairs n",
    rf"(?:{N} and )?{N} patients find": "n_a n_b",
    rf"change of {N} log2 with": "mde",
    rf"genome-wide {N}": "mde_genome_wide",
    rf"log2 needs {N} patients": "pairs_for_1",
    rf"are {N} times": "exaggeration_0.5",
    rf"seen: {N}": "estimate",
    rf"{N} log2": f"{CHANGE} mde",
    rf"weights {N} .* to {N};": "weights",
    rf"over {N} patterns": "n_patterns",
    rf"{N} of {N} genes at": "n_genes n_tested passing",
    rf"place {N} of {N}": "place n_ranked",
    rf"{N} samples of {N} patients": "samples patients",
    rf"r = {N}": "correlation",
    rf"Of {N} tested genes, {N} .* and {N} (?:is|are)": "n_tested passing",
    rf"{N} of {N} declared sets,": "n_sets n_tested_sets",
}
"""What stands around a number in a sentence to the columns it may come from; any other number: every column."""

INTERVAL = rf"(?<![\w.]){N} to {N}"
ENDED = rf"(?:95 % CI|by chance) {N} to {N}"
"""An interval in a row and in a sentence: both ends come from one record."""

WORDS = re.compile(r"[A-Za-z]{4}")
"""A cell with words is read as a sentence."""
AFTER = ("sets", "trust", "methods", "provenance")
"""Parts that follow the dossiers of a report."""


def bare(number: str) -> str:
    """Return a number as written, without the sign of a rise and with the hyphen for minus."""
    return number.removeprefix("+").replace("−", "-")


def altered(number: str) -> str:
    """Return another number, different in its last digit only."""
    kept, last, rest = re.fullmatch(r"(.*)(\d)(\D*)", bare(number)).groups()
    return f"{kept}{int(last) + 1 if last < '9' else 8}{rest}"


class Scopes:
    """Looks numbers up in the records that are about what a block names."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.titles = {card["title"]: name for name, card in tables.cards.items()}
        self.by_question: dict[str, list[Record]] = {}
        for one in tables.records:
            self.by_question.setdefault(one.question, []).append(one)
        self.known: dict[tuple[object, ...], Pools] = {}
        self.names = sorted({name for one in tables.records for name in one.names}, key=len, reverse=True)

    def missing(self, block: Block, about: str = "", change: Callable[[str], str] = bare) -> list[str]:
        """Return the numbers of a block that no record in its scope has.

        Parameters
        ----------
        about
            What the whole page is about.
        change
            Makes another number of each, where numbers that stand in no table are wanted.
        """
        text, pools = plain(block.text), self.pools_of(block, about)
        lost = []
        for place, cell in enumerate(map(plain, block.cells)):
            head = block.heads[place] if place < len(block.heads) and not WORDS.search(cell) else ""
            rest = pools.without_texts(cell)
            told = {} if head else phrases(rest)
            ends = [] if COLUMNS.get(head, ENDS) != ENDS else list(re.finditer(INTERVAL if head else ENDED, rest))
            lost += [said for end in ends if (said := " to ".join(map(change, end.groups()))) not in pools.ends]
            for found in numbers(rest):
                if not any(end.start() <= found.start() < end.end() for end in ends):
                    number = change(found.group())
                    lost += [number] if number not in pools.of(columns(head) or told.get(found.start(), "")) else []
        return [f"{number} in: {text}" for number in lost]

    def pools_of(self, block: Block, about: str) -> Pools:
        """Return what a block may show, kept for whoever asks again."""
        key = (block.text, block.places[-1:], about)
        if key not in self.known:
            self.known[key] = Pools(self.records(block, about))
        return self.known[key]

    def records(self, block: Block, about: str) -> list[Record]:
        """Return the records about the questions and the genes, sets or samples which a block names."""
        text = plain(block.text)
        kept = [one for name in self.questions(block, text) for one in self.by_question.get(name, ())]
        kept += self.by_question.get("", ())
        figure = next((place for place in reversed(block.places) if place.startswith("figure-")), "")[7:]
        inside = figure in self.tables.figures and block.places[-1] == f"figure-{figure}"
        gene = next((place for place in reversed(block.places) if place in AFTER or place.startswith("dossier-")), "")
        text = f"{text} {about} {gene.removeprefix('dossier-')} {plain(self.tables.claims[figure]) if inside else ''}"
        named = {name for name in self.names if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text)}
        kept = [one for one in kept if not one.names or one.names & named]
        if inside:
            kept += [self.tables.figures[figure], *self.tables.drawn[figure]]
        return kept

    def questions(self, block: Block, text: str) -> list[str]:
        """Return the questions a block is about: those it names, or else the one it stands below, or else all."""
        found, rest = [], text
        for title in sorted(self.titles, key=len, reverse=True):
            if re.search(rf"(?:^|, |: |; |\. ){re.escape(title)}(?=$|[:;,. ])", rest):
                found.append(self.titles[title])
                rest = rest.replace(title, "~")
        if found:
            return found
        for place in reversed(block.places):
            own = next((name for name in self.tables.cards if place.removeprefix("figure-").endswith(f"_{name}")), "")
            if place in self.tables.cards or own:
                return [place if place in self.tables.cards else own]
            if not place.startswith(("figure-", AFTER_FIGURE)):
                break
        return list(self.tables.cards)


class Pools:
    """Every way a page may write the numbers of some records, by column."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.texts = sorted({text for one in records for text in one.texts if numbers(text)}, key=len, reverse=True)
        self.found: dict[str, set[str]] = {}
        self.ends = {
            f"{lower:.2f} to {upper:.2f}"
            for one in records
            for kind in ("ci_{}", "ci_{}_adjusted", "chance_{}")
            for lower in one.numbers.get(kind.format("lower"), ())
            for upper in one.numbers.get(kind.format("upper"), ())
        }

    def without_texts(self, cell: str) -> str:
        """Return a cell with blanks where it repeats a text of the tables."""
        for text in self.texts:
            cell = cell.replace(text, " " * len(text))
        return cell

    def of(self, wanted: str) -> set[str]:
        """Return what may be written of some columns, of all where none is wanted."""
        if wanted not in self.found:
            bearing = dict(part.partition("@")[::2] for part in wanted.split())
            self.found[wanted] = {
                written
                for one in self.records
                for column, values in one.numbers.items()
                if not wanted or (column in bearing and (not bearing[column] or bearing[column] in one.texts))
                for value in values
                for written in ways(value, column)
            }
        return self.found[wanted]


def columns(head: str) -> str:
    """Return the columns of the tables below a heading of a page, "" where it may be any."""
    return "passing" if head.startswith(("higher", "lower")) else COLUMNS.get(head, "")


def phrases(text: str) -> dict[int, str]:
    """Return where in a sentence the words around a number say which columns it comes from."""
    return {
        found.start(group): columns
        for pattern, columns in reversed(PHRASES.items())
        for found in re.finditer(pattern, text)
        for group in range(1, (found.lastindex or 0) + 1)
    }


PROBABILITY = re.compile(r"(^|_)p(_|$)|p_value|fdr|floor")
THREE_DIGITS = ("asymptotic", "extra_poisson", "df_prior", "s2_prior", "mean", "median", "min", "max")
TWO_SIDES = (*CHANGE.split(), "mean")
"""Sentences may say a fall in words and write its size."""


def ways(value: float, column: str) -> set[str]:
    """Return the ways a page writes a value of a column."""
    if value != value or abs(value) == float("inf"):
        return set()
    if PROBABILITY.search(column):
        return {f"{value:.2g}"}
    said = {f"{value:.2f}"}
    if value == int(value):
        said |= {f"{int(value):,}", str(int(value))}
    if column in TWO_SIDES:
        said.add(f"{abs(value):.2f}")
    if column in THREE_DIGITS:
        said.add(f"{value:.3g}")
    if column == "variance_factor":
        said.add(f"{value:.1f}")
    if 0 <= value <= 1:
        said |= {f"{value * 100:g} %", f"{value * 100:.0f} %"}
    return said
