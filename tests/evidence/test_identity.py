"""Who belongs to whom: similarities against loops, planted exchanges, and studies that cannot tell."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from dermshift.checks.sex_gap import sex_sides
from dermshift.evidence.identity import COLUMNS, pair_identity
from dermshift.evidence.similarity import FLOOR, N_GENES, likeness, needed, separate, stable_genes
from dermshift.study import Timepoints

if TYPE_CHECKING:
    from pathlib import Path

VISITS = Timepoints("baseline", "week1")
SEX_GENES = {"female": ["G0"], "male": ["G1", "G2"]}


def people(
    n: int, *, subject: float = 1.0, seed: int = 0, genes: int = 600, mixed: bool = False
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """n pairs; `subject` is the sd of what a patient's two samples share, their own noise has sd 1."""
    rng = np.random.default_rng(seed)
    shared, change = rng.normal(0, subject, (n, genes)), rng.normal(0, 2, genes)
    rows = [(f"P{i}_{t}", f"P{i}", t, shared[i] + later * change) for i in range(n) for later, t in enumerate(two())]
    sheet = pd.DataFrame([row[:3] for row in rows], columns=["sample", "patient", "timepoint"]).set_index("sample")
    values = np.vstack([row[3] for row in rows]) + rng.normal(0, 1, (2 * n, genes))
    values[:, :3] = 5.0
    if mixed:
        female = np.repeat(np.arange(n) % 2 == 0, 2)
        values[:, 0], values[:, 1:3] = np.where(female, 8.0, -3.0), np.where(female, -3.0, 6.0)[:, None]
    return pd.DataFrame(values, index=sheet.index, columns=[f"G{i}" for i in range(genes)]), sheet


def two() -> tuple[str, str]:
    return VISITS.before, VISITS.after


def exchanged(expression: pd.DataFrame, first: str, second: str) -> pd.DataFrame:
    """Values of two samples under each other's name."""
    return expression.rename(index={first: second, second: first}).loc[expression.index]


def naive_likeness(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    result = np.zeros((len(before), len(after)))
    for i in range(len(before)):
        for j in range(len(after)):
            a = [(before[i, g] - before[:, g].mean()) / before[:, g].std() for g in range(before.shape[1])]
            b = [(after[j, g] - after[:, g].mean()) / after[:, g].std() for g in range(after.shape[1])]
            result[i, j] = np.corrcoef(a, b)[0, 1]
    return result


def test_similarities_equal_a_naive_loop() -> None:
    expression, sheet = people(5, genes=80)
    part = {t: expression.loc[sheet["timepoint"] == t].iloc[:, 3:] for t in two()}
    found = likeness(part["baseline"], part["week1"])
    loop = naive_likeness(*(part[t].to_numpy() for t in two()))
    np.testing.assert_allclose(found.values, loop, atol=1e-12)
    matched = [loop[i, i] for i in range(5)]
    others = [loop[i, j] for i in range(5) for j in range(5) if i != j]
    assert found.separation == pytest.approx((np.mean(matched) - np.mean(others)) / np.std(others, ddof=1))


def test_genes_are_chosen_blind_to_the_pairing() -> None:
    expression, sheet = people(6, genes=3000)
    before, after = (expression[sheet["timepoint"] == t] for t in two())
    chosen = stable_genes(before, after)
    shuffled = after.sample(frac=1, random_state=1)
    assert chosen.sum() == N_GENES
    np.testing.assert_array_equal(chosen, stable_genes(before, shuffled))
    naive = []
    for gene in expression:
        spreads = [np.median(np.abs(part[gene] - np.median(part[gene]))) for part in (before, after)]
        naive.append(min(spreads))
    assert min(np.array(naive)[chosen]) >= max(np.array(naive)[~chosen])


def test_one_sample_far_off_chooses_no_gene() -> None:
    expression, sheet = people(7, genes=2500)
    expression.iloc[:, 3:403] = 1.0 + 0.01 * expression.iloc[:, 3:403]
    expression.iloc[1, 3:403] += 30  # by variance these would come first
    before, after = (expression[sheet["timepoint"] == t] for t in two())
    assert not stable_genes(before, after)[3:403].any()


def test_partners_are_found() -> None:
    table = pair_identity(*people(7), VISITS, SEX_GENES)
    assert list(table.columns) == list(COLUMNS)
    assert (table["verdict"] == "ok").all()
    assert (table["closest"] == table["partner"]).all()
    assert (table["rank_of_partner"] == 1).all()
    assert table["evidence"].str.startswith("closest to its partner").all()


@pytest.mark.parametrize("n", [4, 5, 7, 12])
def test_two_exchanged_samples_are_named_and_nobody_else(n: int) -> None:
    expression, sheet = people(n, seed=n)
    table = pair_identity(exchanged(expression, "P1_week1", "P2_week1"), sheet, VISITS, {}).set_index("sample")
    bad = table[table["verdict"] == "warning"]
    assert set(bad.index) == {"P1_baseline", "P1_week1", "P2_baseline", "P2_week1"}
    assert bad.loc["P1_week1", "closest_patient"] == "P2"
    for name in ("P1_week1", "P1_baseline", "P2_baseline"):
        assert name in bad.loc["P1_week1", "evidence"]
    assert (table.drop(bad.index)["verdict"] == "ok").all()
    assert list(table["patient"]) == list(sheet["patient"]), "labels stay as they are"


def test_the_change_all_patients_share_is_no_identity() -> None:
    expression, sheet = people(6)
    moved = expression.copy()
    moved.loc[sheet["timepoint"] == "week1"] += np.random.default_rng(5).normal(0, 5, expression.shape[1])
    pd.testing.assert_series_equal(
        pair_identity(expression, sheet, VISITS, {})["correlation_partner"],
        pair_identity(moved, sheet, VISITS, {})["correlation_partner"],
    )


@pytest.mark.parametrize("n", [3, 4, 7, 12])
def test_patients_who_share_nothing_end_unclear(n: int) -> None:
    for seed in range(15):
        table = pair_identity(*people(n, subject=0.0, seed=seed), VISITS, {})
        assert set(table["verdict"]) == {"unclear"}
        assert table["evidence"].str.contains("cannot be told apart").all()


def test_needed_separation_is_rarely_reached_by_chance() -> None:
    rng = np.random.default_rng(99)
    for n in (4, 6):
        reached = 0
        for _ in range(500):
            noise = rng.standard_normal((n, n))
            noise = noise - noise.mean(0) - noise.mean(1, keepdims=True) + noise.mean()
            reached += separate(noise)[0] >= needed(n, n)
        assert reached <= 4
    assert needed(20, 20) == FLOOR


def test_sex_genes_speak_even_where_patients_cannot_be_told_apart() -> None:
    expression, sheet = people(6, subject=0.0, mixed=True)
    swapped = exchanged(expression, "P0_week1", "P1_week1")
    table = pair_identity(swapped, sheet, VISITS, SEX_GENES).set_index("sample")
    assert set(table.index[table["verdict"] == "warning"]) == {"P0_baseline", "P0_week1", "P1_baseline", "P1_week1"}
    assert "sex genes are male" in table.loc["P0_week1", "evidence"]
    assert "P0_baseline female" in table.loc["P0_week1", "evidence"]


def test_sex_genes_always_take_part() -> None:
    expression, sheet = people(6, genes=3000)
    expression.iloc[:, :3] += 0.01 * np.random.default_rng(1).normal(0, 1, (12, 3))  # chosen last, by themselves
    assert set(pair_identity(expression, sheet, VISITS, {})["n_genes_used"]) == {N_GENES}
    assert set(pair_identity(expression, sheet, VISITS, SEX_GENES)["n_genes_used"]) == {N_GENES + 3}


def test_sex_sides_need_a_gap() -> None:
    expression, _ = people(6, mixed=True)
    assert list(sex_sides(expression, SEX_GENES).iloc[:4]) == ["female", "female", "male", "male"]
    assert set(sex_sides(expression.iloc[[0, 1, 4, 5]], SEX_GENES)) == {""}, "one sex has no sides"
    assert set(sex_sides(expression, {"female": ["absent"]})) == {""}


def test_compartments_are_compared_within_themselves() -> None:
    one, sheet_one = people(5, seed=1)
    other, sheet_other = people(5, seed=2)
    frames = [
        (values.rename(index=lambda name, place=place: f"{name}_{place}"), sheet.assign(compartment=place))
        for values, sheet, place in ((one, sheet_one, "gland"), (other, sheet_other, "dermis"))
    ]
    expression = pd.concat([values for values, _ in frames])
    sheet = pd.concat([s.rename(index=lambda name, v=s: f"{name}_{v['compartment'].iloc[0]}") for _, s in frames])
    table = pair_identity(expression, sheet, VISITS, {})
    assert (table["verdict"] == "ok").all()
    assert all(row.closest.endswith(row.compartment) for row in table.itertuples())


def test_a_sample_without_partner_says_so() -> None:
    expression, sheet = people(6)
    kept = [name for name in sheet.index if name != "P3_week1"]
    table = pair_identity(expression.loc[kept], sheet.loc[kept], VISITS, {}).set_index("sample")
    assert table.loc["P3_baseline", "partner"] == ""
    assert pd.isna(table.loc["P3_baseline", "rank_of_partner"])
    assert table.loc["P3_baseline", "verdict"] == "unclear"
    assert "no single partner" in table.loc["P3_baseline", "evidence"]
    assert (table.drop("P3_baseline")["verdict"] == "ok").all()


@pytest.mark.parametrize("case", ["one pair", "two pairs", "constant", "few genes", "missing", "copies", "one visit"])
def test_degenerate_input_gets_a_reason(case: str) -> None:
    n = {"one pair": 1, "two pairs": 2}.get(case, 5)
    expression, sheet = people(n, genes=30 if case == "few genes" else 600)
    if case == "constant":
        expression[:] = 1.0
    elif case == "missing":
        expression.iloc[2] = np.nan
    elif case == "copies":
        expression[:] = np.tile(expression.iloc[:2].to_numpy(), (5, 1))
    elif case == "one visit":
        sheet = sheet[sheet["timepoint"] == "baseline"]
    table = pair_identity(expression, sheet, VISITS, {})
    assert len(table) == len(sheet)
    assert set(table["verdict"]) == {"unclear"}
    assert (table["evidence"].str.len() > 20).all()


def test_no_sample_at_all() -> None:
    expression, sheet = people(4)
    assert pair_identity(expression, sheet, Timepoints("a", "b"), {}).empty


def sex_gene_ids(root: Path) -> dict[str, list[str]]:
    genes = pd.read_csv(root / "data" / "sex_genes.tsv", sep="\t")
    return {str(sex): list(part["ensembl_id"]) for sex, part in genes.groupby("sex")}


def log2_cpm(counts: pd.DataFrame) -> pd.DataFrame:
    return np.log2((counts + 0.5).div(counts.sum(axis=1) + 1, axis=0) * 1e6)


@pytest.fixture(scope="module")
def example(root: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = root / "data" / "example"
    counts = pd.read_csv(folder / "counts.tsv.gz", sep="\t", index_col="gene_id").drop(columns="gene_name").T
    return log2_cpm(counts), pd.read_csv(folder / "samples.tsv", sep="\t", index_col="sample")


def test_the_example_study_is_in_order(root: Path, example: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    table = pair_identity(*example, VISITS, sex_gene_ids(root))
    assert (table["verdict"] == "ok").all()
    assert (table["separation"] > 2 * table["separation_needed"]).all()


@pytest.mark.parametrize(("first", "second"), [("P01", "P03"), ("P02", "P09")])
def test_an_exchange_in_the_example_is_named(
    root: Path, example: tuple[pd.DataFrame, pd.DataFrame], first: str, second: str
) -> None:
    expression, sheet = example
    names = [f"{patient}_week1_sebaceous_gland" for patient in (first, second)]
    table = pair_identity(exchanged(expression, *names), sheet, VISITS, sex_gene_ids(root))
    bad = table[table["verdict"] == "warning"]
    assert set(bad["patient"]) == {first, second}
    assert set(bad["compartment"]) == {"sebaceous_gland"}
    assert set(names) <= set(bad["sample"])
    assert len(bad) == 4
    assert (table.drop(bad.index)["verdict"] == "ok").all()


@pytest.mark.real_data
def test_airway_is_in_order_and_every_exchange_is_named(root: Path, real_data: Path) -> None:
    counts = pd.read_csv(real_data / "airway" / "counts.csv.gz", index_col=0).T
    sheet = pd.read_csv(real_data / "airway" / "samples.csv", index_col="id")
    sheet = sheet.rename(columns={"celltype": "patient", "dex": "timepoint"})
    expression, visits, sexes = log2_cpm(counts), Timepoints("control", "treated"), sex_gene_ids(root)
    assert (pair_identity(expression, sheet, visits, sexes)["verdict"] == "ok").all()
    treated = sheet.index[sheet["timepoint"] == "treated"]
    for first, second in combinations(treated, 2):
        table = pair_identity(exchanged(expression, first, second), sheet, visits, sexes)
        bad = table[table["verdict"] == "warning"]
        assert set(bad["patient"]) == set(sheet.loc[[first, second], "patient"])


@pytest.mark.real_data
def test_eczema_biopsies_are_too_unlike_to_tell_but_a_wrong_sex_is_seen(root: Path, real_data: Path) -> None:
    counts = pd.read_csv(real_data / "ad_skin" / "counts.csv.gz", index_col=0).T
    sheet = pd.read_csv(real_data / "ad_skin" / "samples.csv", index_col="sample", dtype=str)
    sheet = sheet.rename(columns={"subject": "patient", "replicate": "timepoint"})
    table = pair_identity(log2_cpm(counts), sheet, Timepoints("01", "02"), sex_gene_ids(root)).set_index("sample")
    assert set(table.index[table["verdict"] == "warning"]) == {"01_AD_22_LS_01", "01_AD_22_LS_02"}
    assert set(table["verdict"]) == {"unclear", "warning"}
