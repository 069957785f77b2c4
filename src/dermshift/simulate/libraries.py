"""The libraries of a synthetic study: who, when, where, and the nuisance each one carries."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from dermshift.simulate.genes import SEXES
from dermshift.simulate.settings import BULK_LAYOUT

if TYPE_CHECKING:
    from dermshift.simulate.inputs import Inputs
    from dermshift.simulate.settings import Constants, Settings


def patient_sexes(females: int, males: int) -> list[str]:
    """Return the sex of each patient, alternating, so that sex and order of recruitment are not confounded."""
    left = dict(zip(SEXES, (females, males), strict=True))
    order: list[str] = []
    while sum(left.values()):
        for sex in SEXES:
            if left[sex]:
                order.append(sex)
                left[sex] -= 1
    return order


def draw_libraries(settings: Settings, constants: Constants, inputs: Inputs, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per library, before any trap.

    Columns: ``sample``, ``patient``, ``timepoint``, ``sex``, ``compartment`` (empty in bulk) as in the sheet;
    ``person``, ``place`` (positions), ``later`` (0 or 1), ``profile`` (sex whose profile is drawn), ``fraction``
    (purity, or share of the scarce compartment in bulk), ``size_factor``, ``score`` (inflammation, sd 1), ``extra_sd``
    (log2), ``kept``.
    """
    sexes = patient_sexes(constants.females, constants.males)
    scores = _scores(constants, len(sexes), rng)
    bulk = settings.layout == BULK_LAYOUT
    places = [""] if bulk else list(inputs.compartments["compartment"])
    table = _names(constants, sexes, places)
    table["profile"] = table["sex"]
    table["score"] = scores[table["person"], table["later"]]
    table["fraction"] = _fractions(constants, table["later"], rng) if bulk else _purity(inputs, table, rng)
    table["size_factor"] = np.exp(constants.size_factor_sd * rng.standard_normal(len(table)))
    table["extra_sd"] = 0.0
    table["kept"] = table["compartment"].isin(settings.compartments or places) | bulk
    return table


def _names(constants: Constants, sexes: list[str], places: list[str]) -> pd.DataFrame:
    """Return who, when and where, in the order of the sheet: patient, compartment, timepoint."""
    labels = (constants.before, constants.after)
    width = max(2, len(str(len(sexes))))
    rows = []
    for person, place, later in product(range(len(sexes)), range(len(places)), (0, 1)):
        patient = f"P{person + 1:0{width}d}"
        sample = "_".join(part for part in (patient, labels[later], places[place]) if part)
        rows.append((sample, patient, labels[later], sexes[person], places[place], person, place, later))
    columns = ["sample", "patient", "timepoint", "sex", "compartment", "person", "place", "later"]
    return pd.DataFrame(rows, columns=columns)


def _scores(constants: Constants, n_patients: int, rng: np.random.Generator) -> np.ndarray:
    """Return the inflammation score of each biopsy, patients x timepoints, variance 1."""
    patient = rng.standard_normal((n_patients, 1)) * np.sqrt(constants.score_share)
    biopsy = rng.standard_normal((n_patients, 2)) * np.sqrt(1 - constants.score_share)
    score: np.ndarray = patient + biopsy
    return score


def _purity(inputs: Inputs, table: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    shape = inputs.compartments[["purity_a", "purity_b"]].to_numpy(float)[table["place"]]
    drawn = rng.beta(*np.where(np.isfinite(shape), shape, 1.0).T)
    return np.where(np.isfinite(shape[:, 0]), drawn, 1.0)


def _fractions(constants: Constants, later: pd.Series[int], rng: np.random.Generator) -> np.ndarray:
    drawn = constants.bulk_median * 2 ** (constants.bulk_sd * rng.standard_normal(len(later)))
    present = rng.random(len(later)) >= constants.bulk_absent
    fraction = np.where(present, np.minimum(drawn, constants.bulk_cap), 0.0)
    return np.where(later == 1, fraction * constants.bulk_after, fraction)


def shares(inputs: Inputs, place: int, fraction: float, *, bulk: bool) -> np.ndarray:
    """Return the share of each compartment in a library; they sum to 1.

    A dissected library is `fraction` of its own compartment. In bulk `fraction` belongs to the compartments with
    ``rest`` 0. What is left is split by ``rest``.
    """
    rest = inputs.compartments["rest"].to_numpy(float)
    own = rest == 0 if bulk else np.arange(len(rest)) == place
    others = np.where(own, 0.0, rest)
    share: np.ndarray = own * fraction / own.sum() + others / others.sum() * (1 - fraction)
    return share
