"""Contrast files, formulas, sheets and output folders of nf-core pipelines: a value or a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from fuzzing import valid
from fuzzing.mutate import damaged
from fuzzing.survive import bounded_memory, survives
from hypothesis import given, settings
from hypothesis import strategies as st

from dermshift.config import read_config
from dermshift.config.contrast_asks import translate
from dermshift.config.contrasts import Contrast, read_contrasts
from dermshift.config.roles import Roles
from dermshift.io.readers import inputs_of, read_matrix
from dermshift.io.sheet import read_sheet
from dermshift.study import StudySpec, Timepoints

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {"patient": "patient", "timepoint": "timepoint", "sex": "sex"}
ROLES = Roles(COLUMNS, Timepoints("before", "after", further=("week12",)), ("screening",))


def ask(path: str) -> object:
    return translate(read_contrasts(path), ROLES)


def sheet(path: str) -> object:
    return read_sheet(StudySpec("s", "counts.tsv", path, COLUMNS, Timepoints("before", "after")), frozenset({"sex"}))


READERS = {
    "contrasts.csv": (ask, valid.CONTRASTS),
    "contrasts.tsv": (ask, valid.CONTRASTS.replace(b",", b"\t")),
    "contrasts.yaml": (ask, valid.CONTRASTS_YAML),
    "formulas.csv": (ask, valid.FORMULAS),
    "samplesheet.csv": (sheet, valid.NFCORE_SHEET),
}


@pytest.mark.parametrize("name", READERS)
def test_a_damaged_file_is_read_or_refused(name: str, folder: Path) -> None:
    reader, content = READERS[name]
    path = folder / name
    path.write_bytes(content)
    assert reader(str(path)) is not None

    @settings(settings.get_profile("fuzz"))
    @given(damaged(content))
    def attempt(bad: bytes) -> None:
        path.write_bytes(bad)
        survives(reader, str(path))

    with bounded_memory():
        attempt()


def test_a_config_with_damaged_contrasts(folder: Path) -> None:
    path, config = folder / "named.csv", folder / "config.yaml"
    config.write_bytes(valid.CONFIG.replace(b"out: results", f"contrasts: '{path}'".encode()))
    one = valid.CONTRASTS.replace(b"week12", b"after")
    path.write_bytes(one)
    assert read_config(str(config)).asks

    @settings(settings.get_profile("fuzz"))
    @given(damaged(one))
    def attempt(bad: bytes) -> None:
        path.write_bytes(bad)
        survives(read_config, str(config))

    with bounded_memory():
        attempt()


PIECES = st.sampled_from(["~", "+", ":", "*", "(", ")", "1", "|", "-", "patient", "timepoint", "sex", " ", "\u00e9",
                          ".", "x" * 600, "\n", "timepointafter", "0", "^2", "%in%", "I(x)", "sexmale"])  # fmt: skip
joined = st.lists(PIECES, max_size=14).map("".join)
formulas = st.one_of(st.text(max_size=40), joined, joined.map(lambda text: f"~ patient + timepoint{text}"))


def test_any_formula_and_any_coefficient() -> None:
    @settings(settings.get_profile("fuzz"), max_examples=5 * settings.get_profile("fuzz").max_examples)
    @given(formulas, st.one_of(st.just("timepointafter"), formulas))
    def attempt(formula: str, coefficient: str) -> None:
        contrast = Contrast("f.csv, line 2", "", "", "", formula=formula or "~", coefficient=coefficient)
        survives(translate, [contrast], ROLES)

    attempt()


PIPELINE = {
    "star_salmon/salmon.merged.gene_counts_length_scaled.tsv": valid.MATRIX,
    "star_salmon/salmon.merged.gene_counts.tsv": valid.MATRIX,
    "star_rsem/rsem.merged.gene_counts.tsv": valid.RSEM,
}


@pytest.mark.parametrize("name", PIPELINE)
def test_an_output_folder_with_a_damaged_file(name: str, folder: Path) -> None:
    top = folder / name.split("/")[1]
    path = top / name
    path.parent.mkdir(parents=True)
    path.write_bytes(PIPELINE[name])
    assert survives(read_matrix, str(top), valid.SAMPLES) is not None

    @settings(settings.get_profile("fuzz"))
    @given(damaged(PIPELINE[name]))
    def attempt(bad: bytes) -> None:
        path.write_bytes(bad)
        survives(read_matrix, str(top), valid.SAMPLES)
        assert inputs_of(str(top)) == [str(path)]

    with bounded_memory():
        attempt()
