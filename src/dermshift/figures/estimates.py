"""The model's estimates of one gene, as lines beside its slopes; read from tables, never from the points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.figures.words import NO_FDR, find_card, interval, plain, row_of, small
from dermshift.names import COMPARTMENT, SET_ASIDE, SEX

if TYPE_CHECKING:
    from dermshift.figures.base import Card, FigureInputs

MOST_DIFFERENCES = 6
"""Of one column, above the slopes; every difference of more levels stands in the breakdown."""


def _parts(inputs: FigureInputs, gene: str, card: Card | None) -> list[str]:
    """Return the estimate with its interval, and p with FDR; nothing where the question or the test is absent.

    A gene named in advance is its own family, so its p-value stands beside the FDR over all genes.
    """
    row = row_of(inputs, card["id"], gene) if card else None
    if row is None:
        return []
    judged = NO_FDR if row["status"] == SET_ASIDE else f"FDR {small(row['fdr'])}"
    return [interval(row), f"p {small(row['p_value'])}, {judged}"]


def _line(inputs: FigureInputs, gene: str, card: Card | None, *, lead: str = "") -> list[str]:
    """Return the same on one line."""
    parts = _parts(inputs, gene, card)
    return [f"{lead}{', '.join(parts)}"] if parts else []


def cell_estimate(inputs: FigureInputs, gene: str, sex: str, place: str) -> list[str]:
    """Return the estimate of one sex in one compartment ("" where the study has no such column)."""
    single = len(inputs.study.compartments) < 2
    kind = "response_within"
    if sex and place:
        card = find_card(inputs, kind, SEX, (sex,), (COMPARTMENT, place))
        card = card or find_card(inputs, kind, COMPARTMENT, (place,), (SEX, sex))
        card = card or (find_card(inputs, kind, SEX, (sex,)) if single else None)
    elif sex:
        card = find_card(inputs, kind, SEX, (sex,))
    elif place:
        card = find_card(inputs, kind, COMPARTMENT, (place,)) or (find_card(inputs, "response") if single else None)
    else:
        card = find_card(inputs, "response")
    return _line(inputs, gene, card)


def sex_estimate(inputs: FigureInputs, gene: str, sex: str) -> list[str]:
    """Return the estimate of one sex over all compartments."""
    card = find_card(inputs, "response_within", SEX, (sex,))
    lines = _parts(inputs, gene, card)
    return ["all compartments:", *lines] if lines else []


def row_estimates(inputs: FigureInputs, gene: str, place: str) -> list[str]:
    """Return the estimates of one compartment over both sexes and of the differences between sexes in it."""
    lines = _parts(inputs, gene, find_card(inputs, "response_within", COMPARTMENT, (place,)))
    text = ["all patients:", *lines] if lines else []
    for card in _differences(inputs):
        if card["column"] == SEX and tuple(card["within"]) == (COMPARTMENT, place):
            found = _parts(inputs, gene, card)
            text += [f"{' minus '.join(map(plain, card['levels']))}:", *found] if found else []
    return text


def _differences(inputs: FigureInputs) -> list[Card]:
    return [card for card in inputs.answered if card["kind"] == "difference" and not card.get("block")]


def overall_estimates(inputs: FigureInputs, gene: str) -> list[str]:
    """Return the estimates of the response of all patients and of the differences that are not inside a level."""
    single = len(inputs.study.levels(SEX)) < 2 and len(inputs.study.compartments) < 2
    # A lone panel bears the estimate itself.
    lines = [] if single else _line(inputs, gene, find_card(inputs, "response"), lead="All patients: ")
    found: dict[str, list[str]] = {}
    for card in _differences(inputs):
        if not card["within"]:
            lead = f"{' minus '.join(map(plain, card['levels']))}: "
            found.setdefault(card["column"], []).extend(_line(inputs, gene, card, lead=lead))
    for column, own in found.items():
        elsewhere = [f"{len(own)} differences by {plain(column)}: see the figure breakdown_{column}"]
        lines += own if len(own) <= MOST_DIFFERENCES else elsewhere
    return lines


def estimated(inputs: FigureInputs, gene: str) -> tuple[str, ...]:
    """Return the questions whose estimates stand beside the slopes of a gene."""
    return tuple(
        card["id"]
        for card in inputs.answered
        if not card.get("block") and _beside(card) and row_of(inputs, card["id"], gene) is not None
    )


def _beside(card: Card) -> bool:
    if card["kind"] == "difference":
        return not card["within"] or card["column"] == SEX
    return card["kind"] == "response" or (card["kind"] == "response_within" and card["column"] in (SEX, COMPARTMENT))
