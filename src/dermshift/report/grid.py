"""Tables of the page as plain text cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dermshift.report.words import decimal, probability, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from dermshift.report.facts import Card

Form = tuple[str, str, "Callable[[Any], str]"]
"""Title of a column, the column of the frame it shows, and how."""

NUMBERS = (decimal, probability, whole)


@dataclass(frozen=True)
class Cell:
    """One cell.

    Parameters
    ----------
    link
        Id of the section the text leads to, "" for none.
    strong
        Whether it stands out.
    tag
        A word that marks the whole row, e.g. ``difference``.
    wide
        Whether it holds sentences, which may break.
    """

    text: str
    link: str = ""
    strong: bool = False
    tag: str = ""
    wide: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; `numeric` tells of each column whether it is set flush right."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[bool, ...]


def grid(frame: pd.DataFrame, form: tuple[Form, ...]) -> Grid:
    """Return `frame` as text, one column per entry of `form`."""
    values = frame[[column for _, column, _ in form]].itertuples(index=False, name=None)
    shows = [show for _, _, show in form]
    rows = tuple(tuple(Cell(show(value)) for show, value in zip(shows, row, strict=True)) for row in values)
    return Grid(tuple(title for title, _, _ in form), rows, tuple(show in NUMBERS for show in shows))


def question_cell(card: Card) -> Cell:
    """Return the title of a question, leading to its section and marked where it is a difference."""
    return Cell(card["title"], link=card["id"], tag="difference" if card["kind"] == "difference" else "")
