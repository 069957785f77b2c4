"""Who was sampled when and where, as a table: one row per patient, compartment and visit."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pandas as pd

from dermshift.checks.finding import counted
from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dermshift.figures.base import Card
    from dermshift.study import Study

USED, NOT_USED, MISSING = "used", "in no question", "missing"
COLUMNS = [PATIENT, SEX, COMPARTMENT, TIMEPOINT, "sample", "state"]


def visits(study: Study) -> list[str]:
    """Return the visits in their order: those that are compared, then any other of the sheet."""
    known = (study.timepoints.before, *study.timepoints.visits)
    return [*known, *(visit for visit in study.levels(TIMEPOINT) if visit not in known)]


def frame_of(study: Study, cards: Sequence[Card]) -> pd.DataFrame:
    """Return one row per sample, and one per sample that is missing from the full grid.

    ``state`` is whether any question uses the sample; ``sample`` is empty for a missing one.
    """
    sheet = study.sheet.rename_axis("sample").reset_index()
    sheet = sheet.assign(**{name: "" for name in (SEX, COMPARTMENT) if name not in sheet})
    sheet = sheet[COLUMNS[:-1]].astype(str)
    used = {sample for card in cards for library in card["libraries"] for sample in library["members"]}
    grid = product(dict.fromkeys(sheet[PATIENT]), dict.fromkeys(sheet[COMPARTMENT]), visits(study))
    full = pd.DataFrame(grid, columns=[PATIENT, COMPARTMENT, TIMEPOINT])
    full = full.merge(sheet.drop_duplicates(PATIENT)[[PATIENT, SEX]], on=PATIENT)
    frame = full.merge(sheet.drop(columns=SEX), on=[PATIENT, COMPARTMENT, TIMEPOINT], how="left")
    states = [MISSING if pd.isna(name) else USED if name in used else NOT_USED for name in frame["sample"]]
    order = {visit: place for place, visit in enumerate(visits(study))}
    frame = frame.assign(sample=frame["sample"].fillna(""), state=states, place=frame[TIMEPOINT].map(order))
    # A visit that is compared with none has no pair.
    frame["first"], frame["compared"] = frame["place"] == 0, frame["place"] <= len(study.timepoints.visits)
    return frame.sort_values([SEX, PATIENT, COMPARTMENT, "place"], kind="stable", ignore_index=True)


def complete(frame: pd.DataFrame) -> pd.Series[str]:
    """Return by patient how many pairs are complete, e.g. ``2 of 3``: a later visit with its first one."""
    there = frame.assign(there=frame["sample"] != "").drop_duplicates([PATIENT, COMPARTMENT, TIMEPOINT])
    first = there[there["first"]].set_index([PATIENT, COMPARTMENT])["there"]
    later = there[~there["first"] & there["compared"]].set_index([PATIENT, COMPARTMENT])
    pairs = (later["there"] & first.reindex(later.index).to_numpy(bool)).groupby(level=0, sort=False)
    return pairs.sum().astype(str) + " of " + pairs.size().astype(str)


def left_out_of(cards: Sequence[Card]) -> dict[str, str]:
    """Return by patient from how many questions they are left out; a patient who is in all of them is absent."""
    questions: dict[str, set[str]] = {}
    for card in cards:
        for entry in card["left_out"]:
            questions.setdefault(entry["patient"], set()).add(card["id"])
    return {patient: f"{len(found)} of {counted(len(cards), 'question')}" for patient, found in questions.items()}
