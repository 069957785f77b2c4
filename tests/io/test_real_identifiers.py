"""Real matrices beside the table of all human genes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dermshift.io import examine
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.real_data


def test_ensembl_ids_of_an_older_release_are_known_and_get_symbols(root: Path, real_data: Path) -> None:
    folder = real_data / "airway"
    spec = StudySpec(
        "airway", str(folder / "counts.csv.gz"), str(folder / "samples.csv"),
        {"patient": "celltype", "timepoint": "dex"}, Timepoints("control", "treated"),
        genes=str(root / "data/genes.tsv"),
    )  # fmt: skip
    examined = examine(spec, frozenset())
    assert examined.study is not None
    assert examined.identifiers is not None
    findings = {finding.check: finding for finding in examined.findings}
    start = "63,677 of 64,102 identifiers are Ensembl ids (34,008 known), 425 are gene symbols or other names"
    assert findings["identifiers"].evidence.startswith(start)
    assert findings["species"].verdict == "ok"
    table = examined.identifiers.set_index("gene_id")
    assert table.loc["ENSG00000148346", ["gene_symbol", "reading"]].tolist() == ["LCN2", "approved"]


def test_a_matrix_of_the_mouse_is_refused_unless_nothing_is_read_as_human(root: Path, real_data: Path) -> None:
    stem = str(real_data / "loader_examples" / "SRP254919.")
    spec = StudySpec(
        "mouse", f"{stem}salmon.merged.gene_counts.top1000cov.tsv", f"{stem}samplesheet.csv",
        {"patient": "sample_number", "timepoint": "treatment"}, Timepoints("mCherry", "hND6"),
        scale="estimated_counts",
    )  # fmt: skip
    examined = examine(StudySpec(**vars(spec) | {"genes": str(root / "data/genes.tsv")}), frozenset())
    assert [finding.check for finding in examined.findings if finding.verdict == "error"] == ["species"]
    assert examine(spec, frozenset()).study is not None
