"""The panels of a dossier figure, drawn from ``dossier/GENE.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.evidence_names import PAIRED
from dermshift.evidence_tables import patient_changes
from dermshift.figures.evidence_base import dress, heading, interval, stacked, verdict, words_beside
from dermshift.figures.left_out import BAND
from dermshift.figures.page import say
from dermshift.figures.samples import time_names
from dermshift.figures.style import INK, QUIET, SIZE_NOTE, SIZE_SMALL
from dermshift.figures.words import plain, small
from dermshift.figures.wrapping import shorten, wrapped
from dermshift.names import COMPARTMENT, SEX, TIMEPOINT
from dermshift.palette import colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from dermshift.figures.base import FigureInputs

Dossier = dict[str, Any]
ASSOCIATION = "association only"
P_VALUES = {"paired_t": ("p, plain t", 17.0), "sign_flip": ("p, flips", 16.0), "engine": ("p, model", 15.0)}


def slope_frame(dossier: Dossier, inputs: FigureInputs) -> pd.DataFrame:
    """Return one row per pair: patient, sex, compartment, log2 level before, after and at any further visit."""
    samples = pd.DataFrame(dossier["samples"])
    for column in (SEX, COMPARTMENT):
        samples[column] = samples.get(column, "")
    times = inputs.study.timepoints
    wide = samples.set_index(["patient", SEX, COMPARTMENT, TIMEPOINT])["log2"].unstack()  # noqa: PD010 -- one value per pair and visit
    wide = wide.reindex(columns=[times.before, *times.visits]).dropna(subset=[times.before, times.after])
    return wide.set_axis(["before", "after", *times.further], axis=1).reset_index()


def question_frame(dossier: Dossier) -> pd.DataFrame:
    """Return one row per question: the plain t with its interval, the range of the refits, the three p-values."""
    rows = []
    for question in dossier["questions"]:
        p = {entry["method"]: entry for entry in question["p_values"]}
        own: Dossier = next((row for row in question["leave_one_out"] if row["method"] == PAIRED), {})
        numbers = {key: p["paired_t"].get(key) for key in ("estimate", "ci_lower", "ci_upper")}
        rows.append(
            {"question": question["question"], "name": plain(question["title"]), "kind": question["kind"]}
            | numbers
            | {key: own.get(key) for key in ("estimate_min", "estimate_max", "most_influential")}
            | {"badge": own.get("badge") or "cannot be answered: not judged", "floor": p["sign_flip"].get("floor")}
            | {f"p_{method}": entry.get("p_value") for method, entry in p.items()}
        )
    frame = pd.DataFrame(rows)
    numeric = [name for name in frame if str(name).startswith(("estimate", "ci_", "p_", "floor"))]
    return frame.astype(dict.fromkeys(numeric, float))


def slopes(axes: Sequence[Axes], frame: pd.DataFrame, inputs: FigureInputs) -> None:
    """Draw every pair, one panel per compartment, coloured by sex."""
    sexes = inputs.study.levels(SEX)
    palette = colours(sexes, sexes=True)
    visits, times = ["before", "after", *inputs.study.timepoints.further], time_names(inputs.study)
    for ax, (place, part) in zip(axes, frame.groupby(COMPARTMENT), strict=False):
        for row in part.to_dict("records"):
            colour, levels = palette.get(row[SEX], INK), [row[visit] for visit in visits]
            ax.plot(range(len(levels)), levels, color=colour, linewidth=0.9, alpha=0.8, zorder=2)
            for x, y in enumerate(levels):
                ax.plot(x, y, marker="o", ms=3.2, mfc=colour if x else "white", mec=colour, mew=0.9, zorder=3)
        heading(ax, f"{plain(place)}: {len(part)} pairs" if place else f"{len(part)} pairs", 52)
        ax.set_xticks(range(len(times)), [shorten(time, 48 / len(times), SIZE_SMALL) for time in times])
        ax.set_xlim(-0.25, len(times) - 0.75)
        ax.grid(axis="y", color="#EEEEEE", linewidth=0.6)
    axes[0].set_ylabel(inputs.unit)


def questions(left: Axes, right: Axes, rows: pd.DataFrame) -> None:
    """Draw the answers to all questions, with the p-values in the order to be read."""
    for row in rows.to_dict("records"):
        if pd.notna(row["estimate_min"]) and pd.notna(row["ci_lower"]):
            left.plot([row["estimate_min"], row["estimate_max"]], [row["line"]] * 2, zorder=1, **BAND)
        _estimate(left, row, difference=row["kind"] == "difference")
    dress(left, rows, {}, width=56)
    slopes_too = ", or slope" if (rows["kind"] == "slope").any() else ""
    left.set_xlabel(f"log2 fold change, or difference (log2){slopes_too}")
    shown = rows.assign(**{f"p_{method}": [small(value) for value in rows[f"p_{method}"]] for method in P_VALUES})
    shown["badge"] = shown["badge"].map(verdict)
    columns = {f"p_{method}": entry for method, entry in P_VALUES.items()} | {"badge": ("Without each patient", 42.0)}
    words_beside(right, shown, columns, left)


def _estimate(ax: Axes, row: dict[Any, Any], *, difference: bool) -> None:
    """Draw a change as a dot, a difference of changes as an open diamond."""
    style: dict[str, Any] = {"marker": "D", "mfc": "white", "ms": 3.6} if difference else {}
    interval(ax, row, row["line"], INK, **style)


def sources(ax: Axes, dossier: Dossier, kept: list[str]) -> pd.DataFrame:
    """Draw the mean change of the panels of cells the gene may come from, in the questions `kept`."""
    rows = [
        {"name": plain(entry["title"]), "panel": name} | entry
        for name, entries in dossier["sources"].items()
        for entry in entries
        if entry["question"] in kept and entry["estimate"] is not None
    ]
    if not rows:
        say(ax, "No source panel was named.", 40)
        return pd.DataFrame()
    frame, headings = stacked(pd.DataFrame(rows), {name: plain(name) for name in dossier["sources"]}, "panel")
    differences = {entry["question"] for entry in dossier["questions"] if entry["kind"] == "difference"}
    for row in frame.to_dict("records"):
        _estimate(ax, row, difference=row["question"] in differences)
    dress(ax, frame, headings, width=42)
    ax.set_xlabel("mean change (log2)")
    heading(ax, "Cells the gene may come from", 50)
    return frame


def association(ax: Axes, dossier: Dossier, inputs: FigureInputs) -> pd.DataFrame:
    """Draw the gene's change against a set's change, patient by patient, in the first question that has both."""
    for question in dossier["questions"]:
        for found in question["association"]:
            refits = inputs.evidence.refits.get(question["question"], pd.DataFrame(columns=["item", "method"]))
            other = refits[(refits["item"] == found["set_name"]) & (refits["method"] == PAIRED)]
            gene = [row for row in question["refits"] if row["method"] == PAIRED]
            both = {
                "gene_change": patient_changes(gene),
                "set_change": patient_changes([dict(row) for row in other.to_dict("records")]),
            }
            if all(both.values()) and found["correlation"] is not None:
                frame = pd.DataFrame(both).rename_axis("patient").reset_index()
                _scatter(ax, frame, found, dossier)
                return frame
    say(ax, "No association was computed.", 40)
    return pd.DataFrame()


def _scatter(ax: Axes, frame: pd.DataFrame, found: dict[str, Any], dossier: Dossier) -> None:
    ax.plot(
        frame["set_change"], frame["gene_change"], linestyle="none", marker="o", ms=3.8, mfc=INK, mec="white", mew=0.4
    )
    for axis in (ax.axhline, ax.axvline):
        axis(0, color=QUIET, linewidth=0.6, zorder=0)
    ax.set_xlabel(f"change of {plain(found['set_name']).lower()} (log2)")
    ax.set_ylabel(f"change of {dossier['gene_symbol']} (log2)")
    chance = f"chance {found['chance_lower']:.2f} to {found['chance_upper']:.2f}".replace("-", "−")
    r = f"{found['correlation']:.2f}".replace("-", "−")
    text = f"r {r} ({chance})\np {small(found['p_value'])}, n {found['n']}"
    ax.set_title(f"{ASSOCIATION.capitalize()}\n{text}", fontsize=SIZE_NOTE, pad=3, linespacing=1.25)
    ax.margins(0.1)


def receptors(ax: Axes, dossier: Dossier, question: str) -> None:
    """Write how each receptor stands in one question; one that cannot be seen is never called unchanged."""
    ax.set_axis_off()
    lines = [(receptor["gene_symbol"], receptor_words(receptor, question)) for genes in dossier["receptors"].values()
             for receptor in genes]  # fmt: skip
    heading(ax, "Receptors", 40)
    ax.set(xlim=(0, 1), ylim=(max(len(lines), 6), -0.5))
    for line, (symbol, text) in enumerate(lines):
        ax.text(0, line, shorten(symbol, 16, SIZE_SMALL), fontsize=SIZE_SMALL, fontstyle="italic", va="center")
        ax.text(0.45, line, wrapped(text, 30, SIZE_NOTE), fontsize=SIZE_NOTE, va="center")
    if not lines:
        ax.text(0, 0, "None was named.", fontsize=SIZE_SMALL, color=QUIET, va="center")


def receptor_words(receptor: dict[str, Any], question: str) -> str:
    """Return e.g. ``below detection`` or ``+0.10 [−0.20, 0.40]``."""
    answer = next((row for row in receptor["questions"] if row["question"] == question), None)
    if answer is None:
        return str(receptor["status"])
    if answer.get("log2_fold_change") is None:
        return plain(answer["status"])
    numbers = [answer[key] for key in ("log2_fold_change", "ci_lower", "ci_upper")]
    if any(number is None for number in numbers):
        return plain(answer["status"])
    return "{:+.2f} [{:.2f}, {:.2f}]".format(*numbers).replace("-", "−")
