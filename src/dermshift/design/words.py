"""What a question asks and what its signs mean, in words, from its design card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dermshift.names import TIMEPOINT, plain_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    Card = Mapping[str, Any]

CAUTIONS = {
    "on_drug": "Change on drug; single arm.",
    "conditions": "Two conditions of the same patients: a difference, not its cause.",
}
"""What stands under every result, by what was compared (`study.Comparison`)."""


@dataclass(frozen=True)
class Wording:
    """The words of one question.

    Parameters
    ----------
    heading
        What is compared, without the title of the question.
    question
        The question as one would ask it.
    positive
        What a positive value means.
    up, down
        What genes with a positive and with a negative value are called.
    effect
        Name of the value, as on an axis.
    """

    heading: str
    question: str
    positive: str
    up: str
    down: str
    effect: str


def compares_levels(card: Card) -> bool:
    """Tell a difference of two changes; of two visits it is itself a change."""
    return bool(card["kind"] == "difference" and card["column"] != TIMEPOINT)


def wording(card: Card) -> Wording:
    """Return the words of a question."""
    if compares_levels(card):
        return _difference(card)
    return _slope(card) if card["kind"] == "slope" else _change(card)


def _plain(text: object) -> str:
    return str(text).replace("_", " ")


def _where(card: Card) -> str:
    return f", in {_plain(card['within'][1])}" if card["within"] else ""


def _change(card: Card) -> Wording:
    after, before = _plain(card["after"]), _plain(card["before"])
    of_visits = card["column"] == TIMEPOINT
    who = f" ({_plain(card['levels'][0])})" if card["levels"] and not of_visits else ""
    title = _where(card) if of_visits else f": {card['title']}"
    return Wording(
        heading=f"{after} vs {before}{title}",
        question=f"Which genes differ between {after} and {before} in the same patients{who}{_where(card)}?",
        positive=f"Positive = higher at {after} than at {before}.",
        up=f"higher at {after}",
        down=f"lower at {after}",
        effect="log2 fold change",
    )


def _difference(card: Card) -> Wording:
    after, before = _plain(card["after"]), _plain(card["before"])
    a, b = (_plain(level) for level in card["levels"])
    return Wording(
        heading=f"{after} vs {before}, difference: {card['title']}",
        question=f"Which genes change differently between {before} and {after} in {a} than in {b}{_where(card)}?",
        positive=f"Positive = larger shift ({after} minus {before}) in {a} than in {b}.",
        up=f"more positive in {a}",
        down=f"more positive in {b}",
        effect=f"difference of log2 fold change: {a} − {b}",
    )


def _slope(card: Card) -> Wording:
    after, before, unit = _plain(card["after"]), _plain(card["before"]), plain_unit(card["column"])
    return Wording(
        heading=f"{after} vs {before}: {card['title']}",
        question=f"Which genes change more, or less, between {before} and {after} the more {unit}{_where(card)}?",
        positive=f"Positive = larger shift ({after} minus {before}) with more {unit}, between patients.",
        up=f"rising with {unit}",
        down=f"falling with {unit}",
        effect=f"log2 fold change per {unit}",
    )
