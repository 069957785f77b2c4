"""Questions: what is asked of a study, one id each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dermshift.names import COMPARTMENT, TIMEPOINT, plain_unit

QuestionKind = Literal["response", "response_within", "difference", "slope"]
OF_SAMPLES = ("", COMPARTMENT, TIMEPOINT)
"""Columns that differ between the samples of one patient, and none: any other column divides the patients."""


@dataclass(frozen=True)
class Ask:
    """A line of ``questions:`` in the config: the overall response, or the response broken down `by` a column.

    ``within`` repeats a breakdown inside every level of a second column (sex within each compartment). ``block`` is
    ``fixed`` (a column per patient) or ``random`` (`design.random_block`). ``slope`` is a column of numbers the
    response may rise or fall with, between patients.
    """

    by: str = ""
    within: str = ""
    block: Literal["fixed", "random"] = "fixed"
    slope: str = ""

    @property
    def text(self) -> str:
        """The line as one writes it in the config."""
        keys = {"by": self.by, "slope": self.slope, "within": self.within}
        keys["block"] = "random" if self.block == "random" else ""
        parts = [f"{key}: {value}" for key, value in keys.items() if value]
        return f"{{{', '.join(parts)}}}" if parts else "response"


@dataclass(frozen=True)
class Question:
    """One estimand.

    Parameters
    ----------
    id
        Used in every file name, e.g. ``difference_sex_male_vs_female``.
    kind
        ``response`` (all patients), ``response_within`` (one level), ``difference`` (level a minus level b) or
        ``slope`` (change of the response per unit of `column`).
    column
        Sheet column of the breakdown, "" for ``response``.
    levels
        (), (level,) or (a, b).
    within
        (column, level) the question is restricted to, or ().
    block
        Column that is a random block, "" where patients are fixed columns.
    """

    id: str
    kind: QuestionKind
    column: str = ""
    levels: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    block: str = ""

    @property
    def of_patients(self) -> bool:
        """Whether patients of different levels are compared, or each patient with themself."""
        return self.column not in OF_SAMPLES

    @property
    def title(self) -> str:
        """Short title for figures and headings, underscores as blanks."""
        text = "all patients"
        if self.kind == "response_within":
            text = self.levels[0]
        elif self.kind == "difference":
            text = f"{self.levels[0]} minus {self.levels[1]}"
        elif self.kind == "slope":
            text = f"response per {plain_unit(self.column)}"
        if self.within:
            text = f"{text}, in {self.within[1]}"
        if self.block:
            text = f"{text}, {self.block}s as a random block"
        return text.replace("_", " ")
