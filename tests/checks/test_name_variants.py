"""Names in another spelling are told from other names."""

from __future__ import annotations

import pytest

from dermshift.checks.name_variants import variants


@pytest.mark.parametrize(
    ("sheet", "matrix"),
    [
        ("S1", "s1"),
        ("P-1 a", "P.1.a"),
        ("1_before", "X1_before"),
        ("_a", "X_a"),
        ("P1", "bam/P1.sorted.bam"),
        ("P1", "/data/P1Aligned.sortedByCoord.out.bam"),
        ("P1_before", "P1.before.txt.gz"),
    ],
)
def test_one_name_in_two_spellings(sheet, matrix):
    found = variants([sheet, "other"], [matrix, "another"])
    assert found == ({} if "Aligned" in matrix else {sheet: matrix})


def test_what_is_not_plain_is_not_guessed():
    assert variants(["P1"], ["P1"]) == {}
    assert variants(["P1"], ["P11", "P2"]) == {}
    assert variants(["P.1"], ["P-1", "P_1"]) == {}
    assert variants(["P-1", "P_1"], ["P.1"]) == {}
    assert variants(["--"], [".."]) == {}
