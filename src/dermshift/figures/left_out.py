"""Leave one patient out: the estimate with everyone, the range without each patient, and what that means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift.evidence_names import CONFIGURED
from dermshift.figures.base import Family, Figure
from dermshift.figures.evidence_base import (
    GROUPS,
    METHOD_NOTE,
    dress,
    intervals,
    judged,
    key_line,
    reasons,
    shown_rows,
    spans,
    stacked,
    tall,
    verdict,
    words_beside,
)
from dermshift.figures.page import new_page, say, settle
from dermshift.figures.style import DOUBLE, INK, paper
from dermshift.figures.words import caution, headline, not_cause, patients, plain, sign
from dermshift.palette import ORANGE

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from matplotlib.axes import Axes

    from dermshift.figures.base import Card, FigureInputs

BAND: dict[str, Any] = {"color": ORANGE, "alpha": 0.45, "linewidth": 5.0, "solid_capstyle": "butt"}
COLUMNS = [
    "item", "label", "kind", "method", "estimate", "ci_lower", "ci_upper", "estimate_min", "estimate_max", "n_refits",
    "same_sign", "significant", "most_influential", "badge", "line",
]  # fmt: skip


def draw(inputs: FigureInputs) -> Iterator[Figure]:
    """Draw one figure per judged question."""
    for card, table in judged(inputs, inputs.evidence.leave_one_out):
        with paper():
            yield _figure(inputs, card, shown_rows(with_interval(table, inputs.evidence.refits[card["id"]])))


def with_interval(table: pd.DataFrame, refits: pd.DataFrame) -> pd.DataFrame:
    """Return the summary of the refits with the interval of the estimate with every patient."""
    full = refits.loc[refits["left_out"] == "", ["item", "method", "ci_lower", "ci_upper"]]
    return table.merge(full, on=["item", "method"], how="left")


def _figure(inputs: FigureInputs, card: Card, found: pd.DataFrame) -> Figure:
    rows, headings = stacked(found, GROUPS)
    page = new_page(
        DOUBLE,
        tall(rows),
        title=f"{headline(card)}, without each patient",
        lines=[patients(card)],
        notes=[
            f"{METHOD_NOTE} A set: mean change of its tested genes, by the same t.",
            " ".join(
                (
                    "'Holds in k of n': same sign and p < 0.05 in k of n fits without one patient. 'Driven by':",
                    "without this patient the sign changes, or only without this patient p reaches 0.05.",
                )
            ),
            f"{sign(card)} {caution(inputs)}",
            *reasons(rows["badge"]),
        ],
        synthetic=inputs.study.synthetic,
        key=[
            key_line("estimate with everyone, 95 % CI", color=INK, marker="o", ms=4, linewidth=1),
            key_line("range of the estimates without one patient", **BAND),
        ],
    )
    if len(rows):
        grid = page.add_gridspec(1, 2, width_ratios=[1, 1])
        left, right = page.add_subplot(grid[0]), page.add_subplot(grid[1])
        _panel(left, rows)
        dress(left, rows, headings)
        left.set_xlabel("Difference (log2)" if card["kind"] == "difference" else "log2 fold change")
        shown = {"badge": ("Verdict", 50.0), "most_influential": ("Moves most without", 26.0)}
        said = {"badge": rows["badge"].map(verdict), "most_influential": rows["most_influential"].fillna("")}
        words_beside(right, rows.assign(**said), shown, left)
    else:
        say(page.add_subplot(), "No item was judged.")
    settle(page)
    claim = {
        "question": f"{card['title']}: does a result stand without any one patient?",
        "shows": shows(found),
        "does_not_show": f"{not_cause(inputs)} That a result holds in new patients.",
        "n": patients(card),
        "caution": f"A fit without one patient shares all the others: agreement is expected. {caution(inputs)}",
    }
    return Figure(f"refits_{card['id']}", page, rows[COLUMNS], claim, (card["id"],))


def _panel(ax: Axes, rows: pd.DataFrame) -> None:
    known = rows[rows["estimate_min"].notna() & rows["ci_lower"].notna()]
    spans(ax, known, "estimate_min", "estimate_max", zorder=1, **BAND)
    intervals(ax, rows, INK)


def shows(found: pd.DataFrame) -> str:
    """Return one sentence: the verdicts on the configured genes, and how many other items hold throughout."""
    named = found[found["kind"] == CONFIGURED]
    said = [f"{row['name']}: {row['badge']}" for row in named.to_dict("records")]
    others = found[found["kind"] != CONFIGURED]
    whole = others["badge"] == "holds in " + others["n_refits"].astype(str) + " of " + others["n_refits"].astype(str)
    driven = int(others["badge"].astype(str).str.startswith("driven by").sum())
    said.append(
        " ".join(
            (
                f"of {len(others)} sets and top genes {int(whole.sum())} hold without every patient in turn,",
                f"{driven} {'is' if driven == 1 else 'are'} driven by one or more",
            )
        )
    )
    text = plain("; ".join(said))
    return f"{text[:1].upper()}{text[1:]}."


FAMILY = Family(
    "refits",
    "estimates without each patient, per question",
    draw,
    kind="forest plot",
    reads=("evidence/QUESTION.leave_one_out.tsv", "evidence/QUESTION.refits.tsv"),
    made="the model and the paired t of the patients' own changes, fitted again without each patient",
    model=True,
    fdr="none: p-values of refits are not adjusted",
)
