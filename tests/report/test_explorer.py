from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.report.explorer import DIGITS, LEVEL_STEPS, NO_LEVEL, payload, rounded
from dermshift.report.packed import pack, pack_column, unpack


def column(data, place: int) -> list[str]:
    return unpack(data["packs"][place]).decode().split("\n")


def with_samples(facts):
    """Return the facts with two patients, one of them measured twice, one gene not measured in the last sample."""
    sheet = pd.DataFrame(
        {
            "patient": ["P1", "P1", "P2"],
            "timepoint": ["baseline", "week1", "baseline"],
            "sex": ["female", "female", "male"],
            "compartment": ["dermis", "dermis", None],
        },
        index=["s1", "s2", "s3"],
    )
    levels = pd.DataFrame({"G0": [1.234, 5.678, -2.0], "G2": [0.0, 40.0, np.nan]}, index=sheet.index)
    return replace(facts, sheet=sheet, expression=levels)


def test_columns_are_those_of_the_tables_rounded(make_facts):
    facts = make_facts()
    data = payload(facts)
    for question in data["questions"]:
        table = facts.tables[question["id"]]
        for name, place in {**data["genes"], **question["columns"]}.items():
            texts = column(data, place)
            for text, value in zip(texts, table[name], strict=True):
                if pd.isna(value):
                    assert text == "NA"
                elif isinstance(value, float):
                    assert float(text) == pytest.approx(value, rel=0.5 * 10 ** (1 - DIGITS), abs=0)
                else:
                    assert text == str(value)


@pytest.mark.parametrize("fdr", [0.0499999, 0.05, 0.0500001])
def test_no_gene_crosses_the_rate_by_rounding(make_facts, fdr):
    facts = make_facts()
    table = facts.tables["response"].assign(fdr=[fdr, 1e-9, 0.9])
    data = payload(replace(facts, tables=facts.tables | {"response": table}))
    texts = column(data, data["questions"][0]["columns"]["fdr"])
    passing = [float(text) < facts.alpha for text in texts]
    assert passing == (table["fdr"] < facts.alpha).tolist()
    assert texts[1:] == ["1e-09", "0.9"]
    assert float(f"{0.0499999:.{DIGITS}g}") == facts.alpha  # plain rounding takes it across


def test_equal_columns_are_kept_once(make_facts):
    data = payload(make_facts())
    first, second = data["questions"]
    assert first["columns"]["base_mean"] == second["columns"]["base_mean"]
    assert first["columns"]["fdr"] != second["columns"]["fdr"]
    assert len(set(data["packs"])) == len(data["packs"])


def test_levels_are_kept_gene_by_gene(make_facts):
    data = payload(with_samples(make_facts()))
    values = np.frombuffer(unpack(data["packs"][data["levels"]]), dtype="<i2").reshape(3, 3)
    np.testing.assert_allclose(values[0] / LEVEL_STEPS, [1.23, 5.68, -2.0])
    assert values[1].tolist() == [NO_LEVEL] * 3  # in the tables, not in the matrix
    assert values[2].tolist() == [0, 40 * LEVEL_STEPS, NO_LEVEL]


def test_samples_say_who_when_and_where(make_facts):
    data = payload(with_samples(make_facts()))
    assert data["samples"][1] == {"sample": "s2", "patient": "P1", "time": 1, "sex": "female", "place": "dermis"}
    assert data["samples"][2]["place"] == ""
    assert data["times"] == ["baseline", "week1"]


def test_colours_are_those_of_the_figures(make_facts):
    from dermshift.palette import HIGHER, LOWER, colours

    data = payload(with_samples(make_facts()))
    assert data["colours"] == {"up": HIGHER, "down": LOWER, "sex": colours(["female", "male"], sexes=True)}


def test_the_data_are_json_and_the_same_each_time(make_facts):
    assert json.dumps(payload(make_facts()), allow_nan=False) == json.dumps(payload(make_facts()), allow_nan=False)


def test_questions_share_their_genes_or_are_refused(make_facts):
    facts = make_facts()
    turned = facts.tables["difference_sex_male_vs_female"].iloc[::-1].reset_index(drop=True)
    with pytest.raises(ValueError, match="not those of the first question"):
        payload(replace(facts, tables=facts.tables | {"difference_sex_male_vs_female": turned}))


def test_numbers_are_rounded_as_each_alone_would_be():
    rng = np.random.default_rng(7)
    some = rng.standard_normal(2000) * 10.0 ** rng.integers(-300, 12, 2000)
    edges = [0.0, -0.0, 9999.4, 9999.5, 9999.6, -12345.0, 1e10, np.inf, 0.05, 0.0499999, 0.0500001]
    values = np.array([*some, *edges])
    for limit in (0, 0.05):
        texts = rounded(values, limit)
        for value, text in zip(values, texts, strict=True):
            plain = f"{float(f'{value:.{DIGITS}g}'):.10g}"
            assert text == (plain if (float(plain) < limit) == (value < limit) else repr(float(value)))
    assert rounded(np.array([np.nan, 10850.4])) == ["NA", "10850"]
    # Below 1e-308 the four digits stand, where a second rounding would read more out of them than there are.
    assert rounded(np.array([2.71192633e-320])) == ["2.712e-320"]
    assert rounded(np.array([])) == []


def test_a_column_packed_is_the_column():
    draw = np.random.default_rng(7)
    columns = (draw.standard_normal(5000), draw.uniform(size=5000), 10 ** draw.uniform(-8, 0, 5000))
    for values in columns:
        text = "\n".join(f"{value:.4g}" for value in values)
        assert unpack(pack_column(text)).decode() == text
        # Within 2 % of the slowest level: by how much, and to which side, goes with the digits.
        assert len(pack_column(text)) <= 1.02 * len(pack(text))
