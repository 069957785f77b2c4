"""What every engine must do when another test, or another way to weigh genes, is asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask
from dermshift.engines import ENGINES, EngineOptions
from dermshift.names import DE_COLUMNS, column_names
from dermshift.tables import require_de

THRESHOLD = 1.0
TESTS = {
    "lrt": {"test": "lrt"},
    "beyond": {"lfc_threshold": THRESHOLD},
    "within": {"lfc_threshold": THRESHOLD, "alternative": "lessAbs"},
    "above": {"lfc_threshold": THRESHOLD, "alternative": "greater"},
    "below": {"lfc_threshold": THRESHOLD, "alternative": "less"},
}
MODELS = {
    "trend": {"trend": True},
    "robust": {"robust": True},
    "robust trend": {"trend": True, "robust": True},
    "weights": {"array_weights": True},
    "robust, weights, beyond": {"robust": True, "array_weights": True, "lfc_threshold": THRESHOLD},
}
ASKED = TESTS | MODELS
UNTOUCHED = ["gene_id", "base_mean", "log2_fold_change", "standard_error", "ci_lower", "ci_upper", "df", "n_pairs"]
ONE_TAIL = {
    "within": lambda t: (t["ci_lower"] > -THRESHOLD) & (t["ci_upper"] < THRESHOLD),
    "above": lambda t: t["ci_lower"] > THRESHOLD,
    "below": lambda t: t["ci_upper"] < -THRESHOLD,
}


def taken(engine, names=ASKED):
    """Return the choices among `names` whose options the engine reads."""
    return [name for name in names if set(ASKED[name]) <= set(engine.meta.takes)]


def cases(names=ASKED):
    """Parametrise a test by engine and choice; the test takes ``engine`` and ``name``."""
    pairs = [(engine, name) for engine in ENGINES for name in taken(engine, names)]
    ids = [f"{engine.meta.name}-{name}" for engine, name in pairs]
    return pytest.mark.parametrize(("engine", "name"), pairs, ids=ids, indirect=["engine"], scope="module")


@pytest.fixture(scope="module", params=ENGINES, ids=lambda engine: engine.meta.name)
def engine(request):
    return request.param


@pytest.fixture(scope="module")
def study(engine, make_study):
    return make_study(engine.meta.scale)


@pytest.fixture(scope="module")
def tables(engine, study, answer):
    """Tables of the response and by sex, for each choice the engine reads."""
    found = {}
    for name in ["usual", *taken(engine)]:
        options = EngineOptions(shrink=False, **ASKED.get(name, {}))
        found[name] = answer(engine, study, (Ask(),), options).tables
        found[name] |= answer(engine, study, (Ask(by="sex"),), options).tables
    return found


def tested(table):
    return table[table["status"] == "tested"]


@cases()
def test_tables_are_valid(tables, name):
    for question, table in tables[name].items():
        assert list(table.columns) == column_names(DE_COLUMNS)
        pd.testing.assert_frame_equal(require_de(table.copy(), question), table)
        p = tested(table)["p_value"]
        assert p.between(0, 1).all()
        assert (p > 0).all()
        assert tested(table).sort_values("rank")["p_value"].is_monotonic_increasing


@cases(TESTS)
def test_estimates_and_intervals_stay_those_of_the_model(tables, name):
    for question, table in tables[name].items():
        pd.testing.assert_frame_equal(table[UNTOUCHED], tables["usual"][question][UNTOUCHED])


@cases(["trend", "robust", "robust trend", "weights"])
def test_another_model_keeps_interval_and_p_together_and_finds_the_planted_genes(tables, name):
    for question, table in tables[name].items():
        rows = tested(table)
        assert not rows["p_value"].equals(tested(tables["usual"][question])["p_value"])
        outside = (rows["ci_lower"] > 0) | (rows["ci_upper"] < 0)
        assert (outside == (rows["p_value"] < 0.05)).all()
        np.testing.assert_allclose(rows["log2_fold_change"] / rows["standard_error"], rows["statistic"], rtol=1e-12)
    assert (tables[name]["response"].loc[:9, "fdr"] < 0.05).all()


@cases(["lrt"])
def test_the_likelihood_ratio_finds_what_wald_finds(tables, name):
    for question, table in tables[name].items():
        mine, usual = tested(table), tested(tables["usual"][question])
        assert (np.sign(mine["statistic"]) == np.sign(mine["log2_fold_change"])).all()
        assert np.corrcoef(mine["statistic"], usual["statistic"])[0, 1] > 0.95
        assert not (mine["p_value"] == usual["p_value"]).all()
    assert (tables[name]["response"].loc[:9, "fdr"] < 0.05).all()


@cases(["beyond"])
def test_a_threshold_is_exceeded_when_the_interval_lies_beyond_it(engine, tables, name):
    for table in tables[name].values():
        outside = (tested(table)["ci_lower"] > THRESHOLD) | (tested(table)["ci_upper"] < -THRESHOLD)
        found = tested(table)["p_value"] < 0.05
        assert not (found & ~outside).any()
        if engine.meta.name == "deseq2":  # TREAT adds the other tail, so its p is a little larger
            assert (outside == found).all()


@cases(ONE_TAIL)
def test_other_claims_of_a_threshold_go_with_one_tail_of_the_interval(tables, name):
    for table in map(tested, tables[name].values()):
        assert (ONE_TAIL[name](table) == (table["p_value"] < 0.025)).all()


@cases(["beyond"])
def test_a_threshold_is_harder_than_none(tables, name):
    for question, usual in tables["usual"].items():
        assert (tested(tables[name][question])["p_value"] >= tested(usual)["p_value"]).all()
    assert (tables[name]["response"].loc[:9, "fdr"] < 0.05).sum() >= 5
    assert not (tables[name]["response"].loc[20:, "fdr"] < 0.05).any()  # genes without a response


@cases(["within"])
def test_claims_oppose_each_other(tables, name):
    beyond, within, below = (tables[claim]["response"] for claim in ("beyond", name, "below"))
    assert not ((beyond["fdr"] < 0.05) & (within["fdr"] < 0.05)).any()
    assert (within.loc[20:, "fdr"] < 0.05).sum() > 20  # genes without a response
    assert not (below.loc[:9, "fdr"] < 0.05).any()  # planted upwards


@cases(["within"])
def test_the_question_of_a_threshold_is_the_contrast_itself(tables, name):
    """In the difference of the sexes the planted genes of one sex exceed, those of both stay within."""
    difference = tables[name]["difference_sex_male_vs_female"]
    assert (difference.loc[10:19, "p_value"] > 0.5).mean() > 0.7
    assert difference.loc[:9, "p_value"].median() < 0.2


@cases()
def test_order_of_samples_changes_no_byte(engine, study, answer, tables, name):
    order = np.random.default_rng(5).permutation(study.adata.n_obs)
    other = replace(study, adata=study.adata[order].copy())
    again = answer(engine, other, (Ask(by="sex"),), EngineOptions(shrink=False, **ASKED[name])).tables
    for question, table in again.items():
        assert table.to_csv() == tables[name][question].to_csv()


@pytest.mark.parametrize("threads", [2, 3, 0])
def test_threads_change_no_byte(engine, study, answer, tables, threads):
    for name in {"usual", "lrt", "weights"} & set(tables):
        options = EngineOptions(shrink=False, threads=threads, **ASKED.get(name, {}))
        again = answer(engine, study, (Ask(by="sex"),), options).tables
        assert {q: t.to_csv() for q, t in again.items()} == {q: tables[name][q].to_csv() for q in again}
