"""A score of every set in every library (ssGSEA, GSVA, as GSEApy computes them), then the plain paired t of its change.

The scores are made of the libraries of the design, so that patients with several compartments count once. They
describe libraries; the test is the one of a single measured value: one difference per patient, no strength borrowed.

The scores describe; `fry`, `camera` and `flips` decide. Two things move a score without a response of its genes, both
measured on sets of 100 genes in seven pairs, p < .05:

- A score places the genes of a set among all tested genes, so a set that stays where it is while others rise goes down.
  When 30 % of the other genes rose by 1.5 log2, ssGSEA called 100 % of sets without any response, GSVA 87 %.
- Ranks of genes at either end draw in where a visit is more variable. With as much variation after as before ssGSEA
  called 5.5 % and GSVA 5.7 % of sets, with three times that ssGSEA called up to 8.0 % (no correlation between genes)
  and GSVA up to 8.4 % (correlation .2).
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dermshift.enrich.asked import Method
from dermshift.enrich.base import FAMILY, NOT_ESTIMABLE, MethodMeta, finish, in_size
from dermshift.enrich.flips import arranged, places_of
from dermshift.paired.moderated import t_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy.typing as npt

    from dermshift.enrich.asked import Asked
    from dermshift.tables import EnrichmentTable

    Floats = npt.NDArray[np.float64]
    Members = Mapping[str, Sequence[str]]
    Score = Callable[[pd.DataFrame, Members], Floats]

NULL = "the set's score does not change on average; it is relative to all tested genes: who stays behind goes down"
LABEL = "exploratory: relative to all tested genes, and held to its level only where both visits vary alike"
SSGSEA = MethodMeta(
    name="scores_ssgsea",
    summary="ssGSEA score of every library from its ranks of the tested genes (GSEApy), plain paired t of its change",
    null=NULL,
    label=LABEL,
    fdr_family=FAMILY,
    doi="10.1038/nature08460",
    extra="gseapy",
    role="exploratory",
)
GSVA = replace(
    SSGSEA,
    name="scores_gsva",
    summary="GSVA score of every library, relative to the other libraries (GSEApy), plain paired t of its change",
    doi="10.1186/1471-2105-14-7",
)
CHUNK = 500
"""Sets handed to the library at once: its records of them take more memory than the scores."""


def ssgsea(values: pd.DataFrame, sets: Members) -> Floats:
    """Return the scores of Barbie et al. 2009 with weight 1/4: the summed distance between two running shares.

    They are not divided by the range over sets and libraries, as that would make a set depend on the others.

    Parameters
    ----------
    values
        Genes x libraries, none missing.
    sets
        Genes of each set, at least one, fewer than there are.

    Returns
    -------
    Libraries x sets.
    """
    from gseapy.gse import CorrelType, ssgsea_rs  # heavy

    ranks = 10000 * values.rank() / len(values)
    found = ssgsea_rs(
        list(values.index), ranks.to_numpy(float).tolist(), sets, weight=0.25, min_size=1, max_size=len(values),
        nperm=0, ctype=CorrelType.Rank, threads=1, seed=0,
    )  # fmt: skip
    return _by_library(found, values, sets)


def gsva(values: pd.DataFrame, sets: Members) -> Floats:
    """Return the scores of Hänzelmann et al. 2013: Gaussian kernel, difference of the two extremes; as `ssgsea`.

    The level of a gene is judged against all libraries together. Where a patient's two visits might as well have been
    swapped, so might the scores: their differences keep the symmetry that the test asks for.
    """
    from gseapy.gse import gsva_rs  # heavy

    found = gsva_rs(
        list(values.index), values.to_numpy(float).tolist(), sets, kcdf=True, rnaseq=False, mx_diff=True, abs_rnk=False,
        tau=1.0, min_size=1, max_size=len(values), threads=1,
    )  # fmt: skip
    return _by_library(found, values, sets)


def _by_library(found: Any, values: pd.DataFrame, sets: Members) -> Floats:
    """Return the scores of the library's records, which bear place of the library and name of the set."""
    place, scores = {name: i for i, name in enumerate(sets)}, np.full((values.shape[1], len(sets)), np.nan)
    for record in found.summaries:
        scores[record.index, place[record.term]] = record.es
    return scores


def library_scores(values: pd.DataFrame, sets: Mapping[int, npt.NDArray[np.int64]], score: Score) -> pd.DataFrame:
    """Return the score of each set in each library, libraries x sets (index and keys as given).

    The compiled part of GSEApy is called by itself: what its classes read names for, and write about each set and
    library, takes three times as long as the scores.

    Parameters
    ----------
    values
        Libraries x genes, log2.
    sets
        Columns of each set's genes, at least one and not all.
    """
    genes = np.array([f"G{place}" for place in range(values.shape[1])])
    frame = pd.DataFrame(values.to_numpy(float).T, index=genes)
    keys, parts = list(sets), []
    for start in range(0, len(keys), CHUNK):
        parts.append(score(frame, {str(key): list(genes[sets[key]]) for key in keys[start : start + CHUNK]}))
    return pd.DataFrame(np.hstack([np.empty((len(values), 0)), *parts]), index=values.index, columns=keys)


def scores(asked: Asked, meta: MethodMeta, score: Score) -> EnrichmentTable:
    """Test whether the score of each set changes.

    Returns
    -------
    One row per set; ``statistic`` is t, on the patients less the groups. `status` is ``not_estimable`` where a group
    has too few patients, where the set holds all genes, or where its score changes by the same in every patient.
    """
    rows = asked.rows(meta.name)
    changes, values = arranged(asked.changes), asked.values.sort_index(axis=1)
    places = {i: places_of(values.columns, asked.sets[i].tested) for i in in_size(rows)}
    sound = {i: at for i, at in places.items() if len(at) < values.shape[1] and not changes.reason}
    found = asked.scored.get(meta.name)
    if found is None or [int(i) for i in found.columns] != list(sound):
        found = asked.scored[meta.name] = library_scores(values, sound, score)
    by_patient = asked.differences.loc[changes.patients, found.index].to_numpy(float) @ found.to_numpy(float)
    taken = pd.DataFrame(by_patient, index=changes.values.index, columns=found.columns)
    tests = t_tests(replace(changes, values=taken, unit="score"), moderated=False)
    rows.loc[list(sound), ["statistic", "p_value"]] = tests[["statistic", "p_value"]].to_numpy(float)
    usable = set(tests.loc[tests["note"] == "", "item"])
    rows.loc[[i for i in places if i not in usable], "status"] = NOT_ESTIMABLE
    return finish(rows, f"{meta.name} table")


METHODS = (
    Method(SSGSEA, partial(scores, meta=SSGSEA, score=ssgsea)),
    Method(GSVA, partial(scores, meta=GSVA, score=gsva)),
)
