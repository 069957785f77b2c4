"""Which figure stands where: the key figures first, the others in the section of their question."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dermshift.report.facts import Picture

KEY = (
    *("slopes_", "breakdown_", "volcano_response", "dossier_", "specifications_", "flips", "power", "enrichment"),
    *("scores", "identity", "pca", "sex_check", "library_sizes"),
)
"""Key figures in their order: a whole id, or the start of one where it ends in ``_``."""


def key_figures(pictures: Sequence[Picture], questions: Iterable[str]) -> list[Picture]:
    """Return the key figures in their order, then whatever belongs to no question."""
    known = set(questions)
    key = [picture for start in KEY for picture in pictures if _is_key(picture, start)]
    return key + [picture for picture in pictures if picture not in key and _question(picture) not in known]


def question_figures(pictures: Sequence[Picture], question: str) -> list[Picture]:
    """Return the figures of one question that are not among the key figures."""
    return [
        picture
        for picture in pictures
        if _question(picture) == question and not any(_is_key(picture, start) for start in KEY)
    ]


def _is_key(picture: Picture, start: str) -> bool:
    return picture.id.startswith(start) if start.endswith("_") else picture.id == start


def _question(picture: Picture) -> str:
    """Return what follows the family in the id of a figure, e.g. ``response`` for ``volcano_response``."""
    return picture.id.partition("_")[2]
