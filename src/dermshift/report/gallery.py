"""Which figure stands where in the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dermshift.report.pictures import Picture

PLACES = {
    "design": ("sampling",),
    "quality": ("library_sizes", "pca", "sex_check", "identity", "scores"),
    "results": ("breakdown_",),
    "dossier": ("dossier_", "slopes_", "specifications_"),
    "sets": ("enrichment", "set_overlaps"),
    "trust": ("flips", "power"),
    "explore": ("volcano_", "ma_"),
}
"""Section to its figures in their order: a whole id, or the start of one where it ends in ``_``.

Those of ``explore`` are drawn there anew.
"""


def section_figures(pictures: Sequence[Picture], section: str) -> list[Picture]:
    """Return the figures of a section, in their order."""
    return [picture for start in PLACES[section] for picture in pictures if _starts(picture, start)]


def question_figures(pictures: Sequence[Picture], question: str) -> list[Picture]:
    """Return the figures of one question that stand in no other section."""
    return [picture for picture in pictures if _question(picture) == question and not _placed(picture)]


def other_figures(pictures: Sequence[Picture], questions: Iterable[str]) -> list[Picture]:
    """Return the figures that belong to no question and no section."""
    known = set(questions)
    return [picture for picture in pictures if not _placed(picture) and _question(picture) not in known]


def _placed(picture: Picture) -> bool:
    return any(_starts(picture, start) for starts in PLACES.values() for start in starts)


def _starts(picture: Picture, start: str) -> bool:
    return picture.id.startswith(start) if start.endswith("_") else picture.id == start


def _question(picture: Picture) -> str:
    """Return what follows the family in the id of a figure, e.g. ``response`` for ``volcano_response``."""
    return picture.id.partition("_")[2]
