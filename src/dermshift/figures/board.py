"""Figures of the replication board, and the words they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dermshift.design.words import CAUTIONS, wording
from dermshift.figures.words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

NO_CAUSE = "Not what brought a change about. That studies agree is no proof: all of them may share a fault."


@dataclass(frozen=True)
class BoardInputs:
    """What the figures of a board are drawn from: its tables, its facts and the changes of shared genes."""

    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]
    pairs: pd.DataFrame

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The questions of all studies."""
        found: list[dict[str, Any]] = self.facts["questions"]
        return found

    def studies(self, role: str) -> list[str]:
        """Return the labels of the studies of a role, in their order."""
        return [study["label"] for study in self.facts["studies"] if study["role"] == role]

    @property
    def caution(self) -> str:
        """What stands under every figure."""
        kinds = dict.fromkeys(study["comparison"] for study in self.facts["studies"])
        return " ".join(CAUTIONS[kind] for kind in kinds)


def patients(question: Mapping[str, Any]) -> str:
    """Return the patients of a question in every study, e.g. ``n = 12 in skin A, 10 in skin B``."""
    numbers = ", ".join(f"{n} in {plain(study)}" for study, n in question["n_pairs"].items())
    missing = ", ".join(plain(study) for study in question["not_asked"])
    return f"n = {numbers} (patients with complete pairs)" + (f"; not asked in {missing}" if missing else "")


def heading(question: Mapping[str, Any]) -> str:
    """Return the title of a question; studies may call their visits otherwise."""
    return wording(question).heading


def sign(question: Mapping[str, Any]) -> str:
    """Return what a positive value means."""
    return wording(question).positive
