"""What the interactive part of report.html draws from: every gene of every question, and every sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.design.words import CAUTIONS, wording
from dermshift.names import COMPARTMENT, DE_COLUMNS, GENE_ID, GENE_SYMBOL, PATIENT, SEX, TIMEPOINT
from dermshift.palette import HIGHER, LOWER, colours
from dermshift.report.packed import pack, pack_column
from dermshift.report.switches import choices, switches
from dermshift.report.words import patients, plain
from dermshift.tables import in_digits

if TYPE_CHECKING:
    import numpy.typing as npt

    from dermshift.report.facts import Card, Facts

DIGITS = 4
"""Significant digits of the numbers inside the page; the tables beside it hold all of them."""
LEVEL_STEPS = 100
"""Steps of one log2 unit in which the levels of samples are kept: differences below .01 are not seen in a plot."""
NO_LEVEL = -32768


class Packs:
    """Compressed texts, each kept once: tables of one fit share columns."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._known: dict[str | bytes, int] = {}

    def add(self, content: str | bytes) -> int:
        """Return the place of `content`; text is taken for a column of a table."""
        if content not in self._known:
            self._known[content] = len(self.texts)
            self.texts.append(pack_column(content) if isinstance(content, str) else pack(content))
        return self._known[content]


def payload(facts: Facts) -> dict[str, Any]:
    """Return the data of the interactive part, ready for JSON.

    Columns of tables are packed one by one as lines of text; samples' levels as 16-bit integers, gene by gene, in
    hundredths of log2. Genes stand in the order of the tables, which all questions share.
    """
    packs = Packs()
    first = facts.tables[facts.cards[0]["id"]]
    genes = list(first[GENE_ID])
    return {
        "study": facts.name, "synthetic": facts.synthetic, "alpha": facts.alpha, "digits": DIGITS,
        "times": [plain(time) for time in _times(facts)],
        "caution": CAUTIONS[facts.comparison],
        "counts": facts.scale == "counts",
        "unit": "log2 CPM" if facts.scale == "counts" else "log2 intensity",
        "columns": [column.name for column in DE_COLUMNS],
        "genes": {name: packs.add("\n".join(_texts(first[name]))) for name in (GENE_ID, GENE_SYMBOL)},
        "named": named(facts, genes),
        "questions": [question(card, facts, packs) for card in facts.cards],
        "switches": switches(facts.cards),
        "samples": samples(facts),
        "levels": packs.add(levels(facts.expression, genes)),
        "steps": LEVEL_STEPS, "missing": NO_LEVEL,
        "colours": palette(facts),
        "packs": packs.texts,
    }  # fmt: skip


def question(card: Card, facts: Facts, packs: Packs) -> dict[str, Any]:
    """Return one question: its words, and where its columns are."""
    words, table = wording(card), facts.tables[card["id"]]
    if list(table[GENE_ID]) != list(facts.tables[facts.cards[0]["id"]][GENE_ID]):
        message = f"the genes of {card['id']} are not those of the first question, in the same order"
        raise ValueError(message)
    own = [column.name for column in DE_COLUMNS if column.name not in (GENE_ID, GENE_SYMBOL)]
    return {
        "id": card["id"], "title": card["title"], "heading": words.heading, "asks": words.question,
        "positive": words.positive, "effect": words.effect, "up": words.up, "down": words.down,
        "who": patients(card), "choices": choices(card), "notes": list(card["notes"]),
        "columns": {name: packs.add("\n".join(_texts(table[name], facts.alpha))) for name in own},
    }  # fmt: skip


def _texts(values: pd.Series[Any], alpha: float = 0) -> list[str]:
    """Return values as text, numbers with decimals rounded, ``NA`` where missing.

    A false discovery rate stays on its side of `alpha`: what is counted in the page is what the tables count.
    """
    if pd.api.types.is_float_dtype(values):
        return rounded(values.to_numpy(float, na_value=np.nan), alpha if values.name == "fdr" else 0)
    return ["NA" if gap else str(value) for value, gap in zip(values.tolist(), values.isna().tolist(), strict=True)]


def rounded(values: npt.NDArray[np.float64], limit: float = 0) -> list[str]:
    """Return numbers with `DIGITS` significant digits, ``NA`` where missing; 10850 rather than 1.085e+04.

    More digits are kept where fewer would take a number across `limit`.
    """
    texts = in_digits(values, DIGITS)  # of two millions of numbers, most of what the page costs
    near = np.abs(values - limit) <= abs(limit) * 10 ** (1 - DIGITS)
    for place in np.flatnonzero(np.isnan(values) | near | (np.abs(values) >= 10**DIGITS - 0.5)):
        texts[place] = _rounded(float(values[place]), limit)
    return texts


def _rounded(value: float, limit: float) -> str:
    if np.isnan(value):
        return "NA"
    text = f"{float(f'{value:.{DIGITS}g}'):.10g}"
    return text if (float(text) < limit) == (value < limit) else repr(value)


def levels(expression: pd.DataFrame, genes: list[str]) -> bytes:
    """Return log2 levels (samples x genes) as little-endian 16-bit integers, gene by gene."""
    values = expression.reindex(columns=genes).to_numpy(float).T * LEVEL_STEPS
    steps = np.where(np.isfinite(values), np.clip(np.round(np.nan_to_num(values)), -32767, 32767), NO_LEVEL)
    return steps.astype("<i2").tobytes()


def samples(facts: Facts) -> list[dict[str, Any]]:
    """Return the patient, visit (place among the visits), sex and compartment of every sample, in their order."""
    place = {time: number for number, time in enumerate(_times(facts))}
    sheet = facts.sheet.reindex(columns=[PATIENT, TIMEPOINT, SEX, COMPARTMENT]).astype(object)
    rows = sheet.where(sheet.notna(), "").itertuples(index=True, name=None)
    return [
        {
            "sample": str(name),
            "patient": str(patient),
            "time": place.get(str(time), -1),
            "sex": str(sex),
            "place": str(where),
        }
        for name, patient, time, sex, where in rows
    ]


def named(facts: Facts, genes: list[str]) -> list[dict[str, Any]]:
    """Return the genes named in the configuration: their place in the tables, and how a lab calls them."""
    known = {found["gene_id"]: found["label"] for found in facts.evidence.dossiers.values()}
    place = {gene: number for number, gene in enumerate(genes)}
    rows = facts.configured.drop_duplicates(GENE_ID)
    pairs = zip(rows[GENE_ID], rows[GENE_SYMBOL], strict=True)
    return [{"gene": place[gene], "label": known.get(gene, symbol)} for gene, symbol in pairs if gene in place]


def palette(facts: Facts) -> dict[str, Any]:
    """Return the colours of the figures: signs, and sexes."""
    sexes = sorted(set(facts.sheet[SEX].dropna().astype(str))) if SEX in facts.sheet else []
    return {"up": HIGHER, "down": LOWER, "sex": colours(sexes, sexes=True)}


def _times(facts: Facts) -> list[str]:
    return [facts.before, facts.after, *facts.further]
