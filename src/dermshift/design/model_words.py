"""The model matrix of a question in plain words, from its design card."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift.names import COMPARTMENT, TIMEPOINT, plain_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    Card = Mapping[str, Any]


def model_words(card: Card) -> str:
    """Return what the columns of the model stand for, and what the libraries leave to judge them by.

    The same words hold for counts and for log2 values: both are modelled with one matrix.
    """
    columns, libraries = len(card["coefficients"]), len(card["libraries"])
    left = libraries - columns
    degrees = "degree" if left == 1 else "degrees"
    rest = f"{libraries} libraries less {columns} columns leave {left} residual {degrees} of freedom."
    return " ".join(part for part in (_merged(card), f"{_columns(card)}: {rest}") if part)


def _merged(card: Card) -> str:
    """Say that a library is made of several samples, where it is."""
    members = sorted({len(library["members"]) for library in card["libraries"]})
    if members == [1]:
        return ""
    n = str(members[0]) if len(members) == 1 else f"{members[0]} to {members[-1]}"
    return f"The {n} samples of a patient's visit are one library."


def _columns(card: Card) -> str:
    if card["block"]:
        return _cells(card)
    if card["column"] == COMPARTMENT and card["kind"] == "difference":
        return _two_places(card)
    patients = f"One level per patient ({_count(card, 'patient_')} columns)"
    return f"{patients}, {_slope(card)}" if card["kind"] == "slope" else f"{patients} and {_changes(card)}"


def _changes(card: Card) -> str:
    after = str(card["after"])
    names = [name for name in card["coefficients"] if not name.startswith("patient_")]
    if card["column"] == TIMEPOINT:
        first = _first(card, names)
        return f"one column per later visit ({_listed(names)}), the change since {_plain(first)} all patients share"
    if names == [after]:
        return f"one column for {_plain(after)}, the change all patients share"
    levels = [name.removeprefix(f"{after}_") for name in names]
    of = _plain(card["column"])
    return f"one column per {of} ({_listed(levels)}) for {_plain(after)}, the change its patients share"


def _slope(card: Card) -> str:
    after, unit = _plain(card["after"]), plain_unit(card["column"])
    return f"one column for {after}, the change at the mean of {unit}, and one for how much it grows per {unit}"


def _two_places(card: Card) -> str:
    """Say the model of two compartments: what is spent on each patient, and the one column of the difference."""
    after, (a, b) = _plain(card["after"]), (_plain(level) for level in card["levels"])
    per_patient = _count(card, f"{card['after']}_patient_")
    own = f"One level per patient and compartment ({_count(card, 'patient_')} columns)"
    change = f"one column per patient for {after}, their change in {b} ({per_patient} columns)"
    return f"{own}, {change}, and one column for how much more {a} changes than {b} in all patients"


def _cells(card: Card) -> str:
    factors = [COMPARTMENT] if COMPARTMENT in (card["column"], *card["within"][:1]) else []
    if card["column"] not in ("", COMPARTMENT):
        factors = [card["column"], *factors]
    per = f"One column per {' and '.join([*map(_plain, factors), 'visit'])} ({len(card['coefficients'])} columns)"
    shared = f"no column for {card['block']}s, whose libraries share one correlation, the same for all genes"
    return f"{per} and {shared}"


def _first(card: Card, later: list[str]) -> str:
    """Return the visit that has no column: all others are compared with it."""
    visits = dict.fromkeys(str(library[TIMEPOINT]) for library in card["libraries"])
    return next(visit for visit in visits if visit not in later)


def _count(card: Card, start: str) -> int:
    return sum(name.startswith(start) for name in card["coefficients"])


def _listed(names: list[str]) -> str:
    return ", ".join(map(_plain, names))


def _plain(text: object) -> str:
    return str(text).replace("_", " ")
