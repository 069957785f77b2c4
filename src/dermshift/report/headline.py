"""The headline: per question, how many genes were tested and how many pass on either side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dermshift.report.summary import counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dermshift.report.facts import Card
    from dermshift.tables import DETable


def headline(cards: list[Card], tables: Mapping[str, DETable], alpha: float) -> dict[str, Any]:
    """Return the numbers of the summary, counted by the code that counts them for the report.

    `report.verify` counts them again from the files without this code.
    """
    questions = []
    for card in cards:
        up, down, tested = counts(tables[card["id"]], alpha)
        said = {"id": card["id"], "title": card["title"], "patients": card["n_pairs"]}
        questions.append({**said, "tested": tested, "up": up, "down": down})
    return {"alpha": alpha, "questions": questions}
