"""Dose: the change of a configured gene in every patient against the number its slope is taken on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.evidence_names import PAIRED
from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import key_line, slugs
from dermshift.figures.heatmap import pair_changes
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import INK, QUIET, SINGLE, paper
from dermshift.figures.words import caution, headline, not_cause, patients, plain, sign, signed, small
from dermshift.names import PATIENT, SEX, TIMEPOINT, plain_unit
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

COLUMNS = ["patient", "sex", "number", "log2_difference"]


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure per slope and configured gene."""
    names = slugs(inputs)
    for card in inputs.answered:
        if card["kind"] == "slope":
            for gene, label in inputs.genes.items():
                with paper():
                    yield _figure(inputs, card, gene, label, names[gene])


def frame_of(inputs: FigureInputs, card: Card, gene: str) -> pd.DataFrame:
    """Return one row per patient: sex, the number at the visit after, log2 difference of the two visits."""
    values = pair_changes(inputs, card)
    if gene not in values.index:
        return pd.DataFrame(columns=COLUMNS)
    sheet = inputs.study.sheet
    own = sheet[sheet[TIMEPOINT] == card["after"]].drop_duplicates(PATIENT).set_index(PATIENT)[card["column"]]
    patients_ = values.columns.get_level_values(1)
    numbers = [float(own[patient]) for patient in patients_]
    rows = zip(patients_, values.columns.get_level_values(0), numbers, values.loc[gene], strict=True)
    return pd.DataFrame(list(rows), columns=COLUMNS)


def estimate(inputs: FigureInputs, card: Card, gene: str) -> pd.Series | None:
    """Return the slope of the patients' own changes with everyone in, or None where it was not judged."""
    table = inputs.evidence.refits.get(card["id"])
    if table is None:
        return None
    rows = table[(table["item"] == gene) & (table["method"] == PAIRED) & (table["left_out"].fillna("") == "")]
    return rows.iloc[0] if len(rows) and np.isfinite(float(rows.iloc[0]["estimate"])) else None


def _figure(inputs: FigureInputs, card: Card, gene: str, label: str, slug: str) -> Figure:
    frame, found = frame_of(inputs, card, gene), estimate(inputs, card, gene)
    shown = said(found, label, card)
    sexes = [sex for sex in inputs.study.levels(SEX) if sex in set(frame["sex"])]
    palette = colours(inputs.study.levels(SEX), sexes=True) if sexes else {}
    page = new_page(
        SINGLE,
        64,
        title=f"{label}, {headline(card)}",
        lines=[patients(card), shown],
        notes=[
            f"{sign(card)} {caution(inputs)}",
            "Line: least squares on the patients' own changes; no other gene enters.",
        ],
        synthetic=inputs.study.synthetic,
        key=[key_line(plain(sex), color=palette[sex], marker="o", ms=4, linewidth=0) for sex in sexes],
    )
    ax = page.add_subplot()
    if len(frame):
        _panel(ax, frame, found, palette)
        ax.set_xlabel(plain_unit(card["column"]))
        ax.set_ylabel(f"log2 difference, {plain(card['after'])} − {plain(card['before'])}")
    else:
        say(ax, f"{label} is not in the matrix.")
    settle(page)
    claim = {
        "question": f"Does the change of {label} go with {plain_unit(card['column'])}?",
        "shows": shown,
        "does_not_show": f"{not_cause(inputs)} Patients were not assigned their doses at random.",
        "n": patients(card),
        "caution": caution(inputs),
    }
    return Figure(f"dose_{slug}_{card['id']}", page, frame, claim, (card["id"],))


def said(found: pd.Series | None, label: str, card: Card) -> str:
    """Return the slope with its interval and p, in words."""
    if found is None:
        return f"{label}: no slope was computed."
    ends = " to ".join(f"{found[end]:.2f}".replace("-", "−") for end in ("ci_lower", "ci_upper"))
    unit = plain_unit(card["column"])
    return f"{signed(float(found['estimate']))} log2 per {unit}, 95 % CI {ends}, p {small(float(found['p_value']))}"


def _panel(ax: Axes, frame: pd.DataFrame, found: pd.Series | None, palette: dict[str, str]) -> None:
    x, y = frame["number"].to_numpy(float), frame["log2_difference"].to_numpy(float)
    ax.axhline(0, color=QUIET, linewidth=0.6, zorder=0)
    if found is not None:
        ends = np.array([x.min(), x.max()])
        ax.plot(ends, y.mean() + float(found["estimate"]) * (ends - x.mean()), color=INK, linewidth=1.4, zorder=1)
    colour = [palette.get(sex, INK) for sex in frame["sex"]]
    ax.scatter(x, y, s=20, c=colour, edgecolors="white", linewidths=0.4, zorder=2)
    ax.margins(0.08)


FAMILY = Family(
    "dose",
    "a configured gene's change against the patients' dose, per slope",
    draw,
    kind="scatter plot of patients",
    reads=("evidence/QUESTION.refits.tsv", "study.h5ad"),
    made="log2 differences of each patient's own samples, and a least-squares line through them",
)
