"""Sheet and matrix damaged together, through every check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fuzzing import valid
from fuzzing.mutate import damaged
from fuzzing.survive import bounded_memory, survives
from hypothesis import given, settings
from hypothesis import strategies as st

from dermshift.config import read_config
from dermshift.io import examine
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from pathlib import Path

scales = st.sampled_from(["auto", "counts", "log2", "linear", "estimated_counts"])


def sound_or_damaged(content: bytes) -> st.SearchStrategy[bytes]:
    return st.one_of(st.just(content), damaged(content))


def test_a_damaged_study_becomes_findings(folder: Path) -> None:
    (folder / "sex_genes.tsv").write_bytes(valid.SEX_GENES)
    (folder / "genes.tsv").write_bytes(valid.GENES)
    columns = {"patient": "patient", "timepoint": "timepoint", "sex": "sex"}
    paths = {name: str(folder / f"{name}.tsv") for name in ("matrix", "samples", "genes", "sex_genes")}

    @settings(settings.get_profile("fuzz"))
    @given(sound_or_damaged(valid.MATRIX), sound_or_damaged(valid.SHEET), scales)
    def attempt(matrix: bytes, sheet: bytes, scale: str) -> None:
        (folder / "matrix.tsv").write_bytes(matrix)
        (folder / "samples.tsv").write_bytes(sheet)
        spec = StudySpec("s", columns=columns, timepoints=Timepoints("before", "after"), scale=scale, **paths)
        seen = examine(spec, frozenset({"sex"}))
        assert (seen.study is None) == any(finding.verdict == "error" for finding in seen.findings)
        for finding in seen.findings:
            assert finding.verdict != "error" or finding.problems

    with bounded_memory():
        attempt()


def test_a_damaged_configuration_and_its_files(folder: Path) -> None:
    from dermshift.cli.examine import inspect

    def check(path: str) -> None:
        inspect(read_config(path))

    @settings(settings.get_profile("fuzz"))
    @given(damaged(valid.CONFIG.replace(b"gene_sets: [data/a.gmt]\ndeclared: [a]\n", b"")))
    def attempt(content: bytes) -> None:
        (folder / "config.yaml").write_bytes(content)
        survives(check, str(folder / "config.yaml"))

    with bounded_memory():
        attempt()
