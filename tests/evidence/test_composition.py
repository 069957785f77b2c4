"""Changes at a constant score: against direct fits, on simulated gland loss, and where nothing can be adjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from dermshift.evidence.composition import COLUMNS, adjusted, score_changes, scores
from dermshift.paired.changes import Changes

if TYPE_CHECKING:
    from pathlib import Path

PANEL = [f"M{i}" for i in range(10)]


def noise(n: int = 7, items: int = 12, *, sexes: bool = False, seed: int = 0) -> Changes:
    rng = np.random.default_rng(seed)
    patients = pd.Index([f"P{i}" for i in range(n)], name="patient")
    values = pd.DataFrame(
        rng.normal(0.4, 1, (n, items)), index=patients, columns=[f"M{i}" if i < 10 else f"G{i}" for i in range(items)]
    )
    if not sexes:
        return Changes(values)
    group = pd.Series(np.where(np.arange(n) % 2 == 0, "male", "female"), index=patients)
    return Changes(values, group, ("male", "female"))


def gland_study(
    *, fall: float = 0.7, spread: float = 0.4, regulated: float = 0.0, seed: int = 0, n: int = 7
) -> Changes:
    """Bulk tissue: 300 gland markers, 2,000 other genes; the gland fraction falls, nothing else happens."""
    rng = np.random.default_rng(seed)
    markers, others = 300, 2000
    gland = np.concatenate([rng.uniform(20, 200, markers), rng.uniform(0.5, 2, others)])
    rest = np.concatenate([rng.uniform(0.01, 0.2, markers), rng.uniform(0.5, 2, others)])
    before = 0.05 * 2 ** rng.normal(0, 0.5, n)
    after = before * fall * 2 ** rng.normal(0, spread, n)
    shift = np.zeros(markers + others)
    shift[10:40] = regulated
    log2 = [np.log2(f[:, None] * gland + (1 - f)[:, None] * rest) for f in (before, after)]
    change = log2[1] + shift - log2[0] + rng.normal(0, 0.25, (n, markers + others))
    names = [f"M{i}" for i in range(markers)] + [f"G{i}" for i in range(others)]
    return Changes(pd.DataFrame(change, index=[f"P{i}" for i in range(n)], columns=names))


def table_of(changes: Changes, items: list[str] | None = None, panel: list[str] = PANEL) -> pd.DataFrame:
    wanted = items if items is not None else list(changes.values.columns)
    return adjusted(changes, score_changes(changes, panel), wanted, panel=panel).set_index("item")


def test_scores_are_means_over_the_genes_found() -> None:
    expression = pd.DataFrame([[1.0, 3.0, 9.0], [2.0, 6.0, np.nan]], index=["a", "b"], columns=["X", "Y", "Z"])
    table, coverage = scores(expression, {"gland": ["X", "Y", "X", "absent"], "fat": ["Z"], "none": []})
    assert list(table["gland"]) == [2.0, 4.0]
    assert table[["fat", "none"]].isna().all(axis=None)
    assert coverage.to_numpy().tolist() == [["gland", 2, 3], ["fat", 0, 1], ["none", 0, 0]]


def test_unadjusted_is_the_plain_t() -> None:
    changes = noise()
    table = table_of(changes)
    for item in changes.values:
        reference = stats.ttest_1samp(changes.values[item], 0)
        low, high = reference.confidence_interval(0.95)
        found = table.loc[item, ["estimate", "ci_lower", "ci_upper", "p_value", "df"]]
        np.testing.assert_allclose(
            found.to_numpy(float), [changes.values[item].mean(), low, high, reference.pvalue, 6], rtol=1e-10
        )


def test_adjusted_equals_the_score_as_one_more_column_of_the_libraries() -> None:
    changes = noise()
    table = table_of(changes, ["G10", "M3"])
    n = 7
    for item, panel in (("G10", PANEL), ("M3", [gene for gene in PANEL if gene != "M3"])):
        d, s = changes.values[item].to_numpy(), changes.values[panel].mean(axis=1).to_numpy()
        base, level = np.random.default_rng(1).normal(5, 2, (2, n))  # the levels before do not matter
        y, x = np.concatenate([base, base + d]), np.concatenate([level, level + s])
        patients = np.vstack([np.eye(n), np.eye(n)])
        design = np.column_stack([patients, np.repeat([0.0, 1.0], n), x])
        beta = np.linalg.lstsq(design, y, rcond=None)[0]
        error = y - design @ beta
        cov = np.linalg.inv(design.T @ design)[n, n] * (error @ error) / (2 * n - n - 2)
        half = stats.t.ppf(0.975, n - 2) * np.sqrt(cov)
        p = 2 * stats.t.sf(abs(beta[n]) / np.sqrt(cov), n - 2)
        names = ["estimate", "ci_lower", "ci_upper", "p_value"]
        found = table.loc[item, [f"{name}_adjusted" for name in names]].to_numpy(float)
        np.testing.assert_allclose(found, [beta[n], beta[n] - half, beta[n] + half, p], rtol=1e-10, atol=1e-10)
        assert table.loc[item, "df_adjusted"] == n - 2
        assert table.loc[item, "variance_factor"] == pytest.approx(1 + n * s.mean() ** 2 / ((s - s.mean()) ** 2).sum())
        assert table.loc[item, "correlation"] == pytest.approx(np.corrcoef(d, s)[0, 1])


def test_a_gene_is_left_out_of_its_own_score() -> None:
    changes = noise()
    with_itself = adjusted(changes, score_changes(changes, PANEL), ["M3"]).iloc[0]
    assert abs(with_itself["estimate_adjusted"] - table_of(changes).loc["M3", "estimate_adjusted"]) > 0.01
    alone = table_of(changes, ["M3"], panel=["M3"]).loc["M3"]
    assert alone["note"] == "no score in every patient"
    assert np.isnan(alone["estimate_adjusted"])


def test_two_groups_keep_a_mean_each_and_share_the_slope() -> None:
    changes = noise(9, sexes=True)
    row = table_of(changes, ["G10"]).loc["G10"]
    male = (changes.group == "male").to_numpy(float)
    d, s = changes.values["G10"].to_numpy(), changes.values[PANEL].mean(axis=1).to_numpy()
    reference = stats.ttest_ind(d[male == 1], d[male == 0])
    low, high = reference.confidence_interval(0.95)
    estimate = d[male == 1].mean() - d[male == 0].mean()
    np.testing.assert_allclose(
        row[["estimate", "ci_lower", "ci_upper", "p_value"]].to_numpy(float), [estimate, low, high, reference.pvalue]
    )
    design = np.column_stack([np.ones(9), male, s])
    beta = np.linalg.lstsq(design, d, rcond=None)[0]
    assert row["estimate_adjusted"] == pytest.approx(beta[1], abs=1e-10)
    assert row["df_adjusted"] == 6
    plain = np.linalg.inv(design[:, :2].T @ design[:, :2])[1, 1]
    assert row["variance_factor"] == pytest.approx(np.linalg.inv(design.T @ design)[1, 1] / plain)
    ungrouped = np.linalg.lstsq(design[:, [0, 2]], d, rcond=None)[0][0]
    assert row["estimate_adjusted"] != pytest.approx(ungrouped, abs=1e-3), "without the groups it is another question"


def test_gland_loss_without_regulation_calls_markers_unadjusted_and_none_adjusted() -> None:
    called = {"p_value": [], "p_value_adjusted": []}
    for seed in range(12):
        table = table_of(gland_study(seed=seed))
        markers = table.filter(regex="^M", axis=0)
        if markers["note"].eq("").all():
            for name, found in called.items():
                found.append((markers[name] < 0.05).mean())
    assert len(called["p_value"]) >= 6
    assert np.mean(called["p_value"]) > 0.5
    assert np.mean(called["p_value_adjusted"]) < 0.12
    assert np.mean(called["p_value"]) > 6 * np.mean(called["p_value_adjusted"])


def test_regulated_markers_are_still_seen_at_a_constant_score() -> None:
    table = table_of(gland_study(seed=3, regulated=-1.5))
    regulated, others = table.iloc[10:40], table.iloc[40:300]
    assert regulated["estimate_adjusted"].median() == pytest.approx(-1.5, abs=0.3)
    assert abs(others["estimate_adjusted"].median()) < 0.3
    assert others["estimate"].median() < -0.3, "unadjusted, all markers fall"


def test_markers_track_the_score_and_other_genes_do_not() -> None:
    table = table_of(gland_study(seed=1, spread=1.0))
    tracked = table["tracks"] == "tracks the gland score"
    assert tracked[:300].mean() > 0.8
    assert tracked[300:].mean() < 0.1
    named = adjusted(
        gland_study(seed=1, spread=1.0),
        score_changes(gland_study(seed=1, spread=1.0), PANEL),
        ["M50"],
        panel=PANEL,
        name="immune",
    )
    assert named["tracks"].iloc[0] == "tracks the immune score"


def test_not_separable_when_all_glands_shrink_alike() -> None:
    table = table_of(gland_study(fall=0.4, spread=0.0))
    assert (table["variance_factor"] > 10).all()
    assert (table["note"] == "not separable").all()
    assert (
        table[[name for name in COLUMNS if name.endswith("_adjusted") and name != "df_adjusted"]].isna().all(axis=None)
    )
    assert table["estimate"].notna().all()
    exact = noise()
    same = pd.Series(-0.5, index=exact.values.index)
    assert set(adjusted(exact, same, ["G10"])["note"]) == {"not separable"}


def test_the_score_itself_leaves_nothing_to_adjust() -> None:
    changes = noise()
    own = Changes(changes.values.assign(SET=changes.values[PANEL].mean(axis=1)))
    row = table_of(own, ["SET"]).loc["SET"]
    assert row["note"] == "not separable"
    assert np.isnan(row["estimate_adjusted"])
    assert row["tracks"] == "tracks the gland score"


@pytest.mark.parametrize(
    ("n", "note"), [(2, "cannot be answered: 2 patients, at least 3 needed"), (3, "too few patients")]
)
def test_few_patients(n: int, note: str) -> None:
    table = table_of(noise(n))
    assert set(table["note"]) == {note}
    assert table["estimate_adjusted"].isna().all()
    assert table["estimate"].notna().all() == (n == 3)


def test_a_level_with_one_patient_gets_the_reason() -> None:
    changes = noise(7, sexes=True)
    lonely = Changes(changes.values, pd.Series(["male"] + ["female"] * 6, changes.values.index), changes.levels)
    assert table_of(lonely, ["G10"])["note"].iloc[0].startswith("cannot be answered: 1 patient in male")


def test_items_that_cannot_be_answered_are_listed_with_a_reason() -> None:
    changes = noise()
    changes.values["flat"], changes.values["gap"] = 1.0, changes.values["G10"].where(changes.values.index != "P2")
    table = table_of(changes, ["G11", "absent", "flat", "gap", "G11"])
    assert list(table.index) == ["G11", "absent", "flat", "gap"]
    assert list(table["note"]) == [
        "",
        "not among the genes tested",
        "the same change in every patient",
        "a value is missing",
    ]
    assert table.loc[["absent", "flat", "gap"], ["estimate", "estimate_adjusted"]].isna().all(axis=None)
    assert list(table_of(changes, []).columns) == list(COLUMNS[1:])
    assert list(table_of(changes, ["absent"])["note"]) == ["not among the genes tested"]


def test_a_patient_without_score() -> None:
    changes = noise()
    short = score_changes(changes, PANEL).drop("P3")
    row = adjusted(changes, short, ["G10"]).iloc[0]
    assert row["note"] == "no score in every patient"
    assert np.isfinite(row["p_value"])


def test_patients_are_matched_by_name() -> None:
    changes = noise()
    score = score_changes(changes, PANEL)
    pd.testing.assert_frame_equal(adjusted(changes, score, ["G10"]), adjusted(changes, score.iloc[::-1], ["G10"]))


def test_gland_genes_of_the_example_track_the_gland(root: Path) -> None:
    folder = root / "data" / "example"
    raw = pd.read_csv(folder / "counts.tsv.gz", sep="\t", index_col="gene_id")
    symbols = raw.pop("gene_name")
    sheet = pd.read_csv(folder / "samples.tsv", sep="\t", index_col="sample")
    log2 = np.log2((raw.T + 0.5).div(raw.sum() + 1, axis=0) * 1e6)
    panels = {}
    for line in (root / "data" / "gene_sets" / "compartments.gmt").read_text().splitlines():
        name, _, *genes = line.split("\t")
        panels[name] = list(symbols.index[symbols.isin(genes)])
    table, coverage = scores(log2, panels)
    assert coverage.set_index("panel").loc["SEBACEOUS_GLAND", "n_found"] == 10
    by_place = table.groupby(sheet["compartment"])["SEBACEOUS_GLAND"].mean()
    assert by_place.idxmax() == "sebaceous_gland"
    assert by_place.max() - by_place.drop("sebaceous_gland").max() > 3
