"""The designs that one fit serves, planned again from the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dermshift.cli.options import parse_ask

if TYPE_CHECKING:
    from dermshift.design.model import Design
    from dermshift.study import Study


def designs_of(study: Study, ask: list[str], fit: str) -> list[Design]:
    """Return the designs that one fit serves."""
    from dermshift.design import plan

    asks = [parse_ask(text) for text in ask]
    return [design for design in plan(study.sheet, study.timepoints, asks) if design.fit_id == fit]
