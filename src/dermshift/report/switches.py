"""The switch between questions: one choice per column of the sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift.report.words import plain

if TYPE_CHECKING:
    from dermshift.report.facts import Card

ALL = "all"
"""The choice that leaves a column out."""


def choices(card: Card) -> dict[str, str] | None:
    """Return column to choice, e.g. ``{"sex": "male"}``; None where a question is reached by its title only.

    A slope and a sensitivity run with a random block stand beside another question of the same levels.
    """
    if card["kind"] == "slope" or card.get("block"):
        return None
    chosen = {}
    if card["column"]:
        chosen[card["column"]] = " minus ".join(map(plain, card["levels"]))
    if card["within"]:
        column, level = card["within"]
        chosen[column] = plain(level)
    return chosen


def switches(cards: list[Card]) -> list[dict[str, Any]]:
    """Return one switch per column that questions are asked by: its choices, levels before differences."""
    found: dict[str, list[str]] = {}
    for card in cards:
        for column, choice in (choices(card) or {}).items():
            found.setdefault(column, [])
            if choice not in found[column]:
                found[column].append(choice)
    return [
        {"column": column, "title": plain(column), "choices": [ALL, *sorted(given, key=lambda name: " minus " in name)]}
        for column, given in found.items()
    ]
