"""Samples parted by their sex genes without limits of a platform: levels, gap, lines, and who is left in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.checks.sex_gap import SEX_GAP, part_samples, sex_sides, widest_gap
from dermshift.checks.sex_levels import by_sex, log2_levels

if TYPE_CHECKING:
    from pathlib import Path

TABLE = pd.DataFrame(
    [
        ("XIST", "E1", "female", 10, 2),
        ("TSIX", "E2", "female", np.nan, np.nan),
        ("RPS4Y1", "E3", "male", 20, 5),
        ("DDX3Y", "E4", "male", 8, 1),
        ("UTY", "E5", "male", 8, 1),
    ],
    columns=["gene_symbol", "ensembl_id", "sex", "high_cpm", "low_cpm"],
)
GENES = {"female": ["F"], "male": ["M"]}
WOMAN, MAN = (9.0, 3.0), (4.0, 7.0)


def levels(*samples: tuple[float, float]) -> pd.DataFrame:
    """Levels of one female and one male gene."""
    return pd.DataFrame(samples, columns=["F", "M"], index=[f"s{i}" for i in range(len(samples))])


def calls(*samples: tuple[float, float]) -> str:
    return "".join(call[0] for call in part_samples(levels(*samples), GENES).calls)


def test_two_sexes_part() -> None:
    parted = part_samples(levels(WOMAN, MAN, WOMAN, MAN), GENES)
    assert list(parted.calls) == ["female", "male", "female", "male"]
    assert parted.gap == pytest.approx(9.0)
    assert parted.lines == {"female": 6.5, "male": 5.0}
    assert parted.reason == ""


def test_one_sample_of_a_sex_is_enough() -> None:
    assert calls(WOMAN, MAN, MAN, MAN, MAN, MAN) == "fmmmmm"


def test_a_mixture_and_a_lost_y_are_neither() -> None:
    assert calls(WOMAN, WOMAN, MAN, MAN, MAN, (8.0, 6.0)) == "ffmmmi"
    assert calls(WOMAN, WOMAN, MAN, MAN, MAN, (4.0, 4.0)) == "ffmmmi"
    assert calls(WOMAN, WOMAN, MAN, MAN, MAN, (np.nan, 4.0)) == "ffmmmi"


def test_one_sex_does_not_part() -> None:
    parted = part_samples(levels(WOMAN, (9.5, 3.5), (8.0, 3.1)), GENES)
    assert set(parted.calls) == {"indeterminate"}
    assert parted.lines == {}
    assert parted.reason == "the samples do not part into two sexes (widest gap 1.1 log2)"


@pytest.mark.parametrize(("odd", "sex"), [((3.0, 2.5), "male"), ((9.0, -3.0), "female")])
def test_a_poor_sample_is_no_other_sex(odd: tuple[float, float], sex: str) -> None:
    parted = part_samples(levels(WOMAN, WOMAN, WOMAN, odd), GENES)
    assert set(parted.calls) == {"indeterminate"}
    assert f"the {sex} genes are " in parted.reason


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_samples_to_part(n: int) -> None:
    parted = part_samples(levels(*[WOMAN] * n).astype(float), GENES)
    assert set(parted.calls) <= {"indeterminate"}
    assert "widest gap 0.0" in parted.reason


def test_missing_values_hide_no_gap() -> None:
    assert widest_gap(pd.Series([1.0, np.nan, 5.0, np.inf])) == (4.0, 3.0)
    sides = sex_sides(levels(WOMAN, MAN, (np.nan, 1.0)), GENES)
    assert list(sides) == ["female", "male", ""]


@given(st.lists(st.booleans(), min_size=2, max_size=30), st.integers(0, 1000), st.floats(-20, 20))
def test_calls_follow_the_sexes_whatever_the_background(women: list[bool], seed: int, shift: float) -> None:
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, (len(women), 2))
    frame = levels(*(WOMAN if woman else MAN for woman in women)) + noise + shift
    parted = part_samples(frame, GENES)
    if len(set(women)) == 1:
        assert parted.reason
        assert parted.gap < SEX_GAP
    else:
        assert [call == "female" for call in parted.calls] == women
        turned = part_samples(frame[::-1], GENES)
        assert list(turned.calls[::-1]) == list(parted.calls)


def test_the_probe_set_that_varies_most_stands_for_its_gene() -> None:
    rows = {"xist_x": [9, 9.1, 9, 9.2], "xist": [8, 8, 3, 3], "rps": [4, 4, 9, 9], "uty": [3, 3, 3.2, 3.2]}
    values = pd.DataFrame(rows, index=list("abcd"), dtype=float)
    genes = pd.DataFrame({"gene_symbol": ["XIST", "XIST", "RPS4Y1", "UTY"]}, index=list(rows))
    found = log2_levels(values, genes, TABLE)
    assert list(found.columns) == ["XIST", "RPS4Y1"], "UTY is too weak to tell"
    assert list(found["XIST"]) == [8, 8, 3, 3]


def test_levels_need_no_finite_values() -> None:
    values = pd.DataFrame({"E1": [np.inf, 3.0, 8.0], "E3": [np.nan] * 3, "E9": [1.0] * 3}, index=list("abc"))
    found = log2_levels(values, pd.DataFrame({"gene_symbol": [""] * 3}, index=values.columns), TABLE)
    assert np.isnan(found.loc["a", "XIST"])
    assert found["RPS4Y1"].isna().all()
    parted = part_samples(found, by_sex(TABLE))
    assert set(parted.calls) == {"indeterminate"}


def test_no_sex_gene_in_the_matrix() -> None:
    values = pd.DataFrame({"E9": [1.0, 2.0]})
    assert log2_levels(values, pd.DataFrame({"gene_symbol": [""]}, index=["E9"]), TABLE).shape == (2, 0)


@pytest.mark.real_data
@pytest.mark.parametrize("pools", [True, False])
def test_the_sexes_of_the_liver_arrays(root: Path, real_data: Path, pools: bool) -> None:
    from dermshift.checks.sex_levels import telling
    from dermshift.io import read_sex_genes
    from dermshift.io.examine import read_matrix

    folder = real_data / "gse14520_gpl571"
    sheet = pd.read_csv(folder / "samples.csv", index_col="sample", dtype=str)
    matrix = read_matrix(str(folder / "GSE14520-GPL571_series_matrix.txt.gz"), list(sheet.index))
    symbols = pd.read_csv(folder / "GPL571_probe2symbol.tsv", sep="\t", index_col="probe_id")["symbol"]
    values = pd.DataFrame(matrix.values, index=list(matrix.samples), columns=list(matrix.genes))
    genes = pd.DataFrame({"gene_symbol": symbols.reindex(values.columns).fillna("")})
    known = telling(read_sex_genes(str(root / "data" / "sex_genes.tsv")))
    kept = sheet if pools else sheet[sheet["tissue"] != "healthy_pool"]
    found = log2_levels(values.loc[kept.index], genes, known)
    # The genes that part the sexes on this platform; the probe sets of USP9Y, UTY and ZFY hardly do.
    assert list(found.columns) == ["XIST", "RPS4Y1", "DDX3Y", "KDM5D", "EIF1AY"]
    np.testing.assert_array_equal(found["DDX3Y"], values.loc[kept.index, "205000_at"])
    parted = part_samples(found, by_sex(known))
    called = {call: set(part.index) for call, part in kept.groupby(parted.calls)}
    assert called["female"] == set(kept.index[kept["patient"] == "LCS-426"])
    assert len(called["male"]) == 33
    # Neither XIST nor Y: tumours of men that lost the Y chromosome. Both: pools of donors.
    lost = {"GSM362948", "GSM362950", "GSM363424", "GSM363428", "GSM363434", "GSM363436"}
    mixed = set(kept.index[kept["tissue"] == "healthy_pool"])
    assert called["indeterminate"] == lost | mixed
    assert (values.loc[sorted(lost), "214218_s_at"] < 3.75).all()
