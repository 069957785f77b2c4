"""A draft of the sample sheet of a GEO series: what the series says, and open places for what it does not say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from dermshift.checks.confirmed import CONFIRMED, OPEN
from dermshift.io.geo_tags import characteristics
from dermshift.names import COMPARTMENT, PATIENT, SEX, TIMEPOINT

if TYPE_CHECKING:
    from dermshift.io.geo_series import Series

MEANINGS = {
    PATIENT: ("patient", "subject", "individual", "donor", "participant", "volunteer", "person"),
    TIMEPOINT: ("timepoint", "time", "visit", "week", "day", "time on treatment", "treatment time", "sampling time"),
    SEX: ("sex", "gender"),
}
"""Words for a role, the whole tag; ``id``, ``no`` and the like may follow."""
ENDINGS = re.compile(r"\W*\b(id|ids|identifier|number|nr|no|code|name)\W*$")
UNTAGGED = "without_tag"
LINES = {"title": "sample_title", "source_name": "sample_source_name_ch1"}
TAKEN = ("sample", *LINES, *MEANINGS, COMPARTMENT, CONFIRMED, UNTAGGED)


@dataclass(frozen=True)
class Draft:
    """A drafted sheet.

    Parameters
    ----------
    frame
        One row per sample, all text: sample, title, source_name, a column per tag, patient, timepoint, sex, confirmed.
    filled
        Role to the tag it was filled from; a role without such a tag is open (``?``) throughout.
    """

    frame: pd.DataFrame
    filled: dict[str, str]

    @property
    def by_hand(self) -> dict[str, int]:
        """How many places of each role are open."""
        return {role: count for role in MEANINGS if (count := int((self.frame[role] == OPEN).sum()))}


def draft(series: Series) -> Draft:
    """Return a sheet for a person to complete and confirm; nothing is read from titles or from the order of samples."""
    found = characteristics(series)
    columns: dict[str, list[str]] = {"sample": list(series.samples)}
    for name, key in LINES.items():
        texts = series.by_sample(key)
        columns[name] = [_plain(cell) for cell in texts[0]] if texts else [""] * len(series.samples)
    names = _names(found.tags)
    for tag in found.tags:
        columns[names[tag]] = [found.of_sample[sample].get(tag, "") for sample in series.samples]
    if found.untagged:
        columns[UNTAGGED] = ["; ".join(found.untagged.get(sample, ())) for sample in series.samples]
    filled = {role: tag for role in MEANINGS if (tag := _tag_of(role, found.tags))}
    for role in MEANINGS:
        tag = filled.get(role, "")
        columns[role] = [_label(found.of_sample[sample].get(tag, "")) for sample in series.samples]
    columns[CONFIRMED] = ["no"] * len(series.samples)
    return Draft(pd.DataFrame(columns, dtype=object), filled)


def _plain(cell: str) -> str:
    return " ".join(cell.split())


def _label(cell: str) -> str:
    """Return a value as a label that is safe in file names, or the mark of an open place."""
    return re.sub(r"[^A-Za-z0-9._-]+", "_", cell).strip("_.-") or OPEN


def _names(tags: tuple[str, ...]) -> dict[str, str]:
    """Map each tag to a column name of its own: lower case, without blanks and signs."""
    names: dict[str, str] = {}
    for tag in tags:
        name = re.sub(r"[^a-z0-9]+", "_", tag.lower()).strip("_") or "tag"
        name = free = f"{name}_tag" if name in TAKEN else name
        while free in names.values():
            count = int(free.removeprefix(f"{name}_")) if free != name else 1
            free = f"{name}_{count + 1}"
        names[tag] = free
    return names


def _tag_of(role: str, tags: tuple[str, ...]) -> str:
    """Return the tag that means `role`, the first in the order of its words; an empty string for none."""
    meant = {ENDINGS.sub("", re.sub(r"[\W_]+", " ", tag.lower()).strip()).strip(): tag for tag in reversed(tags)}
    meant |= {words.replace(" ", ""): tag for words, tag in list(meant.items())}
    return next((meant[word] for word in MEANINGS[role] if word in meant), "")
