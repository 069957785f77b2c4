"""Doses in plain numbers: mg per kg and day, what has been taken so far, and which published regimen that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dermshift.names import MG_PER_KG_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS_PER_WEEK = 7


@dataclass(frozen=True)
class Band:
    """A published definition: `regimen` is `lower` to `upper` of `measure`, where given so many times a week."""

    regimen: str
    measure: str
    lower: float
    upper: float
    times: tuple[float, float] | None = None

    @property
    def text(self) -> str:
        """The definition as one would write it."""
        if self.measure == MG_PER_KG_DAY:
            return f"{self.regimen} ({self.lower:g} to {self.upper:g} mg/kg/day)"
        often = f" {self.times[0]:g} to {self.times[1]:g} times a week" if self.times else ""
        return f"{self.regimen} ({self.lower:g} to {self.upper:g} mg{often})"


@dataclass(frozen=True)
class Dose:
    """What one patient takes: mg at a time, times a week, body weight in kg."""

    mg: float
    per_week: float
    kg: float

    @property
    def per_kg_day(self) -> float:
        """Mean mg per kg body weight and day."""
        return self.mg * self.per_week / DAYS_PER_WEEK / self.kg

    def cumulative(self, days: float) -> float:
        """Mg per kg taken in so many days."""
        return self.per_kg_day * days

    def within(self, band: Band) -> bool:
        """Tell whether the dose meets a published definition."""
        if band.measure == MG_PER_KG_DAY:
            return band.lower <= self.per_kg_day <= band.upper
        often = band.times is None or band.times[0] <= self.per_week <= band.times[1]
        return often and band.lower <= self.mg <= band.upper


def regimen_of(dose: Dose, bands: Sequence[Band]) -> str:
    """Return the one label of a dose: the regimen with the highest lower end not above it, else the lowest one.

    Published bands overlap and leave gaps; their lower ends divide every dose into exactly one regimen.
    """
    daily = sorted((band for band in bands if band.measure == MG_PER_KG_DAY), key=lambda band: band.lower)
    reached = [band for band in daily if band.lower <= dose.per_kg_day]
    return (reached or daily[:1])[-1].regimen if daily else ""


def disagreement(dose: Dose, bands: Sequence[Band]) -> str:
    """Say how the published definitions disagree on a dose; "" where exactly one regimen claims it."""
    daily = [band for band in bands if band.measure == MG_PER_KG_DAY and dose.within(band)]
    schedule = [band for band in bands if band.measure != MG_PER_KG_DAY and dose.within(band)]
    regimens = dict.fromkeys(band.regimen for band in daily)
    if len(regimens) > 1:
        return f"in the bands of {' and of '.join(band.text for band in daily)}"
    if not daily:
        also = f", though its schedule is {' and '.join(band.text for band in schedule)}" if schedule else ""
        return f"in no published band{also}"
    odd = [band.text for band in schedule if band.regimen not in regimens]
    return f"{daily[0].text} by the daily dose, {' and '.join(odd)} by its schedule" if odd else ""
