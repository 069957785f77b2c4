"""A library out of proportion is refused, an odd one is named."""

from __future__ import annotations

import pytest

from dermshift.checks.library_sizes import check_library_sizes


@pytest.mark.parametrize(
    ("times", "verdict"), [(1, "ok"), (5, "ok"), (30, "warning"), (0.02, "warning"), (1000, "error")]
)
def test_one_library_is_judged_by_the_others(counts, matrix_view, times, verdict):
    counts.iloc[2] = (counts.iloc[2] * times).round()
    finding = check_library_sizes(matrix_view(counts))
    assert finding.verdict == verdict
    assert verdict == "ok" or str(counts.index[2]) in finding.evidence + "".join(p.where for p in finding.problems)


def test_compartments_are_compared_among_themselves(sheet, counts, matrix_view):
    sheet["compartment"] = ["a", "a", "a", "a", "b", "b", "b", "b"]
    counts.iloc[4:] = counts.iloc[4:] * 500
    assert check_library_sizes(matrix_view(counts, sheet=sheet)).verdict == "ok"


def test_nothing_is_said_of_log2_values(counts, matrix_view):
    assert check_library_sizes(matrix_view(counts / 1000 + 0.5, scale="log2")).verdict == "ok"


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["airway", "ad_skin"])
def test_real_libraries_are_in_proportion(real_data, matrix_view, name):
    import pandas as pd

    values = pd.read_csv(real_data / name / "counts.csv.gz", index_col=0).select_dtypes("number").T.astype(float)
    finding = check_library_sizes(matrix_view(values, sheet=pd.DataFrame(index=values.index)))
    assert finding.verdict == "ok", finding.evidence
