"""What chance alone yields: the tests repeated on changes with flipped signs or with labels dealt anew.

Flipping signs assumes changes that are symmetric about zero where nothing changed; dealing labels assumes patients that
are exchangeable between the groups. Neither holds for a slope on dose.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from dermshift.evidence.findings import findings
from dermshift.paired.changes import Changes, item_notes, set_changes
from dermshift.paired.exact import TIED, flip_p, flip_tests
from dermshift.paired.patterns import floor, patterns, relabellings
from dermshift.paired.rule import Rule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Array = npt.NDArray[np.float64]

__all__ = ["FlipNull", "flip_null", "flip_p", "flip_tests", "patterns", "relabellings"]


@dataclass(frozen=True)
class FlipNull:
    """Findings under every pattern, the observed one first.

    Parameters
    ----------
    patterns
        ``pattern`` (signs in the order of `patients`, or the patients dealt to the first group, joined by ","),
        ``n_genes`` and ``n_sets`` (with FDR below alpha; `n_sets` missing without sets).
    sets
        ``item``, ``n_genes`` (tested genes of the set), ``statistic`` (absolute mean of the moderated t of its genes),
        ``p_value`` (exact, of that statistic).
    n_genes, n_sets
        Observed findings; None where there is no answer.
    p_genes, p_sets
        Share of patterns with at least as many findings, the observed one included.
    n_tested, n_tested_sets
        Genes and sets in the families.
    floor
        Smallest p these patients can give.
    reason
        Why there is no answer; "" where there is.
    """

    patterns: pd.DataFrame
    sets: pd.DataFrame
    patients: tuple[str, ...]
    n_genes: int | None
    n_sets: int | None
    p_genes: float
    p_sets: float
    n_tested: int
    n_tested_sets: int
    floor: float
    n_patterns: int
    exhaustive: bool
    reason: str = ""

    @property
    def largest_by_chance(self) -> int | None:
        """Most genes found under any pattern that differs from the observed one and its mirror image."""
        if self.reason:
            return None
        observed = self.patterns["pattern"].iloc[0]
        mirror = ",".join(patient for patient in self.patients if patient not in observed.split(","))
        others = self.patterns.loc[~self.patterns["pattern"].isin([observed, mirror]), "n_genes"]
        return int(others.max()) if len(others) else None


def flip_null(
    changes: Changes,
    *,
    alpha: float = 0.05,
    sets: Mapping[str, Sequence[str]] | None = None,
    seed: int = 0,
    moderated: bool = True,
) -> FlipNull:
    """Count what is found under every pattern, by the same test and the same false discovery rate.

    Genes are tested by the (moderated) t of their changes, sets by the plain t of the patients' mean change over the
    tested genes of the set, each family with its own Benjamini-Hochberg rate. Exact p of the two counts: share of
    patterns with at least as many findings, the observed one included.

    Parameters
    ----------
    alpha
        False discovery rate below which an item counts as found.
    sets
        Gene ids of each set of one family.
    seed
        Of the sampled patterns, above 13 patients or 5,000 ways to deal the labels.
    """
    ordered = _in_order(changes)
    usable = (item_notes(ordered) == "").to_numpy()
    reason = ordered.no_patterns or ("" if usable.any() else "no item can be tested")
    if reason:
        return _unanswered(ordered, reason)
    genes = _only(ordered, usable)
    rule, sets = Rule.of(genes, seed), sets or {}
    family = _members(genes, sets)
    n_genes, means = findings(genes, rule, alpha, family, moderated=moderated)
    averaged = set_changes(genes, sets)
    averaged = _only(averaged, (item_notes(averaged) == "").to_numpy())
    n_sets, _ = findings(averaged, rule, alpha, None, moderated=False)
    table = pd.DataFrame({"pattern": rule.texts(tuple(genes.patients)), "n_genes": n_genes})
    return replace(
        _unanswered(ordered, ""),
        patterns=table.assign(n_sets=pd.array(n_sets if sets else [pd.NA] * len(n_sets), dtype="Int64")),
        sets=_set_table(sets, family, means),
        n_genes=int(n_genes[0]),
        n_sets=int(n_sets[0]) if sets else None,
        p_genes=float((n_genes >= n_genes[0]).mean()),
        p_sets=float((n_sets >= n_sets[0]).mean()) if sets else float("nan"),
        n_tested=genes.values.shape[1],
        n_tested_sets=averaged.values.shape[1],
    )


def _unanswered(changes: Changes, reason: str) -> FlipNull:
    nothing = pd.DataFrame({"pattern": [], "n_genes": [], "n_sets": []})
    no_sets = pd.DataFrame({"item": [], "n_genes": [], "statistic": [], "p_value": []})
    nan = float("nan")
    patients = tuple(changes.patients)
    return FlipNull(nothing, no_sets, patients, None, None, nan, nan, 0, 0, *floor(changes.sizes), reason)


def _only(changes: Changes, items: npt.NDArray[np.bool_]) -> Changes:
    return replace(changes, values=changes.values.loc[:, items])


def _in_order(changes: Changes) -> Changes:
    """Sort the patients, so that a random sample of patterns does not depend on their order."""
    group = None if changes.group is None else changes.group.sort_index()
    return replace(changes, values=changes.values.sort_index(), group=group)


def _members(genes: Changes, sets: Mapping[str, Sequence[str]]) -> csr_array:
    """Genes x sets, each set's column summing to 1 (to 0 without a tested gene)."""
    place = {gene: i for i, gene in enumerate(genes.values.columns)}
    found = [[place[gene] for gene in dict.fromkeys(members) if gene in place] for members in sets.values()]
    rows = np.array([i for members in found for i in members], dtype=int)
    columns = np.repeat(np.arange(len(found)), [len(members) for members in found])
    weights = np.repeat([1 / max(len(members), 1) for members in found], [len(members) for members in found])
    return csr_array((weights, (rows, columns)), shape=(len(place), len(found)))


def _set_table(sets: Mapping[str, Sequence[str]], family: csr_array, means: Array) -> pd.DataFrame:
    sizes = np.diff(family.tocsc().indptr)
    share = (means >= means[:1] * (1 - TIED)).mean(axis=0)
    table = pd.DataFrame({"item": list(sets), "n_genes": sizes, "statistic": means[0], "p_value": share})
    table.loc[sizes == 0, ["statistic", "p_value"]] = np.nan
    return table
