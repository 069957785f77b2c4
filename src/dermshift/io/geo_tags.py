"""What a GEO series says of each sample: characteristics as ``tag: value``, read per sample and never by position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.checks.finding import SHOWN, Finding, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dermshift.io.geo_series import Series

CHANNELS = {"sample_characteristics_ch1": "", "sample_characteristics": "", "sample_characteristics_ch2": " ch2"}
"""Lines that hold characteristics, and what their tags end with."""


@dataclass(frozen=True)
class Characteristics:
    """Tags of a series.

    Parameters
    ----------
    tags
        As first written, in the order of the file.
    of_sample
        For each sample, tag to value; several values of one tag are joined by ``; ``.
    untagged
        For each sample that has any, the cells that are no ``tag: value``.
    """

    tags: tuple[str, ...]
    of_sample: dict[str, dict[str, str]]
    untagged: dict[str, tuple[str, ...]]

    def lacking(self) -> dict[str, list[str]]:
        """Map each tag that some samples have and others lack to those others."""
        absent = {tag: [name for name, found in self.of_sample.items() if tag not in found] for tag in self.tags}
        return {tag: names for tag, names in absent.items() if names}


def characteristics(series: Series) -> Characteristics:
    """Return the characteristics of every sample; tags that differ by case or blanks alone are one."""
    spelt: dict[str, str] = {}
    values: dict[str, dict[str, list[str]]] = {name: {} for name in series.samples}
    untagged: dict[str, list[str]] = {}
    for sample, suffix, cell in _cells(series):
        tag, colon, value = (" ".join(part.split()) for part in cell.partition(":"))
        if not colon or not tag:
            untagged.setdefault(sample, []).append(cell)
        elif value:
            found = values[sample].setdefault(spelt.setdefault((tag + suffix).casefold(), tag + suffix), [])
            if value not in found:
                found.append(value)
    joined = {name: {tag: "; ".join(texts) for tag, texts in of.items()} for name, of in values.items()}
    kept = {name: tuple(cells) for name, cells in untagged.items()}
    return Characteristics(tuple(spelt.values()), joined, kept)


def _cells(series: Series) -> Iterator[tuple[str, str, str]]:
    """Yield sample, suffix and text of every cell that is not blank."""
    for field in series.header:
        if field.key in CHANNELS and len(field.cells) == len(series.samples):
            for sample, cell in zip(series.samples, field.cells, strict=True):
                if cell.strip():
                    yield sample, CHANNELS[field.key], cell.strip()


def report(found: Characteristics) -> Finding:
    """Say which tags there are, and which samples lack one that others have."""
    parts = [f"tags of the samples: {listed(found.tags, 20) or 'none'}"]
    parts += [f"no '{tag}' in {listed(names)}" for tag, names in list(found.lacking().items())[:SHOWN]]
    if found.untagged:
        parts.append(f"text that is no 'tag: value' in {listed(found.untagged)}")
    return Finding("geo_characteristics", "note", "; ".join(parts))
