"""Is each sample closest to its own partner? A warning with the evidence; no label is ever changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.checks.sex_gap import sex_sides
from dermshift.evidence.similarity import MIN_GENES, Likeness, likeness, stable_genes
from dermshift.names import COMPARTMENT, PATIENT, TIMEPOINT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dermshift.study import Timepoints

COLUMNS = (
    *("sample", PATIENT, TIMEPOINT, COMPARTMENT, "partner", "closest", "closest_patient"),
    *("correlation_partner", "correlation_closest", "correlation_stranger", "rank_of_partner", "n_genes_used"),
    *("separation", "separation_needed", "log_odds", "verdict", "evidence"),
)
OK, UNCLEAR, WARNING = "ok", "unclear", "warning"
OK_ODDS = float(np.log(20))
WARNING_ODDS = float(-np.log(10_000))
"""Natural log of the odds own partner : best stranger; a judgement, wide apart so that noise ends in ``unclear``."""


@dataclass(frozen=True)
class _Place:
    """The samples of one compartment: all of them, and one likeness matrix before x after."""

    name: str
    patients: dict[str, str]
    before: list[str]
    after: list[str]
    found: Likeness
    sexes: pd.Series[str]


def pair_identity(
    expression: pd.DataFrame,
    sheet: pd.DataFrame,
    timepoints: Timepoints,
    sex_genes: Mapping[str, Sequence[str]],
) -> pd.DataFrame:
    """Compare each sample with the samples of the other timepoint, within its compartment.

    The genes are chosen without the pairing (`similarity.stable_genes`), sex genes are added to them. The natural log
    of the odds "its partner is of the same patient" : "the best stranger is" follows from two normal curves, of
    partners and of strangers, fitted to the best one-to-one matching of all samples, whoever the sheet says they are.
    Where that matching stands out too little from what samples without any patient in them give, patients cannot be
    told apart: the verdict is ``unclear``, unless the sex genes of the two partners contradict each other.

    Parameters
    ----------
    expression
        Samples x genes, log2; best restricted to tested genes.
    sheet
        Index sample; ``patient``, ``timepoint``, and ``compartment`` where the study has it.
    sex_genes
        ``female`` and ``male``: gene ids; those that are no column of `expression` are passed over.

    Returns
    -------
    pandas.DataFrame
        One row per sample of the sheet that has values and is of either timepoint, in sheet order; the columns are
        `COLUMNS`. ``partner`` is "" where the patient has not exactly one sample at the other timepoint.
        ``rank_of_partner`` is 1 where the partner is the closest. ``separation`` is how many standard deviations of
        strangers the best matching lies above strangers, ``separation_needed`` what it takes. ``verdict`` is ``ok``,
        ``unclear`` or ``warning``.
    """
    asked = sheet[TIMEPOINT].isin([timepoints.before, timepoints.after]) & sheet.index.isin(expression.index)
    chosen = sheet[asked]
    place = chosen[COMPARTMENT].astype(str) if COMPARTMENT in chosen else pd.Series("", index=chosen.index)
    sexes = sex_sides(expression.loc[chosen.index], sex_genes)
    extra = {gene for genes in sex_genes.values() for gene in genes}
    rows = []
    for name, part in chosen.groupby(place, sort=True):
        before, after = (list(part.index[part[TIMEPOINT] == t]) for t in (timepoints.before, timepoints.after))
        genes = stable_genes(expression.loc[before], expression.loc[after])
        genes |= expression.columns.isin(extra)
        found = likeness(expression.loc[before, genes], expression.loc[after, genes])
        inside = _Place(str(name), {str(s): str(p) for s, p in part[PATIENT].items()}, before, after, found, sexes)
        rows += [_row(inside, str(sample), timepoints) for sample in part.index]
    table = pd.DataFrame(rows, columns=list(COLUMNS)).set_index("sample").reindex(chosen.index).rename_axis("sample")
    return table.reset_index().astype({"rank_of_partner": "Int64", "n_genes_used": "int64"})


def _row(place: _Place, sample: str, timepoints: Timepoints) -> tuple[object, ...]:
    """Return one row of the table."""
    patient, first = place.patients[sample], sample in place.before
    others = place.after if first else place.before
    values = (
        place.found.values[place.before.index(sample)] if first else place.found.values[:, place.after.index(sample)]
    )
    own = [i for i, name in enumerate(others) if place.patients[name] == patient]
    partner = own[0] if len(own) == 1 else None
    closest = int(np.argmax(values)) if len(others) and np.isfinite(values).all() else None
    odds = _log_odds(place.found, values, partner)
    names = (others[partner] if partner is not None else "", others[closest] if closest is not None else "")
    rank = pd.NA if partner is None or closest is None else int((values > values[partner]).sum()) + 1
    numbers = [float(values[i]) if i is not None else np.nan for i in (partner, closest)]
    strangers = np.delete(values, own) if np.isfinite(values).all() else np.array([])
    best_stranger = float(strangers.max()) if len(strangers) else np.nan
    verdict, evidence = _judge(place, sample, names, numbers, odds)
    whose = place.patients[names[1]] if names[1] else ""
    found = place.found
    label = timepoints.before if first else timepoints.after
    head = (sample, patient, label, place.name, *names, whose, *numbers, best_stranger, rank, found.n_genes)
    return (*head, found.separation, found.needed, odds, verdict, evidence)


def _log_odds(found: Likeness, values: np.ndarray, partner: int | None) -> float:
    """Return the log odds of the partner against the best stranger, NaN where there is no partner or no stranger."""
    if partner is None or len(values) < 2:
        return float("nan")
    margin = float(values[partner] - np.delete(values, partner).max())
    return margin / found.spread * found.separation


def _judge(place: _Place, sample: str, names: tuple[str, str], numbers: list[float], odds: float) -> tuple[str, str]:
    """Return verdict and the sentence it rests on."""
    partner, closest = names
    if not partner:
        return UNCLEAR, "the sheet gives it no single partner at the other timepoint"
    sides = [str(place.sexes[name]) for name in (sample, partner)]
    if all(sides) and sides[0] != sides[1]:
        return WARNING, f"its sex genes are {sides[0]}, those of its partner {partner} {sides[1]}: check both labels"
    found = place.found
    if not found.distinguishable:
        return UNCLEAR, f"patients cannot be told apart here: {_why(found)}"
    if odds >= OK_ODDS:
        return OK, f"closest to its partner {partner} (correlation {numbers[0]:.2f} over {found.n_genes} genes)"
    whose = place.patients[closest]
    text = f"closest to {closest} of {whose} ({numbers[1]:.2f}), partner {partner} {numbers[0]:.2f}"
    if odds <= WARNING_ODDS:
        return WARNING, f"{text}, over {found.n_genes} genes: check the labels of {sample}, {partner} and {closest}"
    if closest == partner:
        text = f"closest to its partner {partner} ({numbers[0]:.2f})"
    return UNCLEAR, f"{text}: partner and best stranger lie too close together to tell"


def _why(found: Likeness) -> str:
    if found.n_genes < MIN_GENES:
        return f"{found.n_genes} genes vary at both timepoints, {MIN_GENES} are needed"
    if not np.isfinite(found.separation):
        return f"{min(found.values.shape)} samples at one timepoint, 3 that differ are needed"
    return (
        f"partners stand out by {found.separation:.1f} standard deviations of strangers, {found.needed:.1f} are needed"
    )
