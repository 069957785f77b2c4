from __future__ import annotations

import shutil

import pytest

from dermshift.workflow.fingerprint import BASE, PACKAGE, STAGES, fingerprints


@pytest.fixture
def package(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "dermshift", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "dermshift"


def changed(package, file: str, old: str, new: str) -> set[str]:
    """Edit a file of the package and return the stages whose fingerprint changed, but for the board of many studies."""
    return changed_at_all(package, file, old, new) - {"board"}


def changed_at_all(package, file: str, old: str, new: str) -> set[str]:
    before = fingerprints(package)
    path = package / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    after = fingerprints(package)
    return {stage for stage in STAGES if after[stage] != before[stage]}


FITS = {"test", "evidence"}
"""Stages that fit models."""


def test_every_part_exists():
    parts = {*BASE, *(part for stage in STAGES.values() for part in stage)}
    assert all((PACKAGE / part).exists() for part in parts)


def test_comments_and_docstrings_change_nothing(package):
    assert changed(package, "design/plan.py", "from __future__", "# a comment\nfrom __future__") == set()
    assert changed(package, "design/plan.py", '"""Which models', '"""Other words: which models') == set()


def test_the_evidence_concerns_itself_and_what_is_made_of_it(package):
    assert changed(package, "evidence/cards.py", "from __future__", "EXTRA = 1\nfrom __future__") == {
        "evidence",
        "dossier",
    }


def test_a_figure_concerns_the_figures_alone(package):
    assert changed(package, "figures/volcano.py", "from __future__", "EXTRA = 1\nfrom __future__") == {"plot"}


def test_an_engine_concerns_its_tables_and_a_design_whoever_builds_one(package):
    assert changed(package, "engines/deseq2/wald.py", "from __future__", "EXTRA = 1\nfrom __future__") == FITS
    assert changed(package, "design/plan.py", "from __future__", "EXTRA = 1\nfrom __future__") == FITS | {
        "load",
        "enrich",
        "dossier",
    }


def test_the_call_of_a_sex_concerns_the_check_and_the_figure_that_shows_it(package):
    for file, stages in (("sex.py", set()), ("sex_levels.py", set()), ("sex_gap.py", {"dossier"})):
        found = changed(package, f"checks/{file}", "from __future__", "EXTRA = 1\nfrom __future__")
        assert found - {"load", "plot"} == stages


def test_writing_figures_and_reading_matrices_leave_the_fits_alone(package):
    assert changed(package, "io/figure_files.py", "from __future__", "EXTRA = 1\nfrom __future__") == {"load", "plot"}
    assert changed(package, "io/text_matrix.py", "from __future__", "EXTRA = 1\nfrom __future__") == {"load"}


def test_the_base_concerns_all(package):
    assert changed(package, "tables.py", "from __future__", "EXTRA = 1\nfrom __future__") == set(STAGES) - {"board"}


def test_the_template_concerns_the_report(package):
    assert "report" in changed(package, "report/template.html", "<h2>Summary</h2>", "<h2>In short</h2>")


def test_colours_and_words_concern_figures_and_report(package):
    assert changed(package, "palette.py", "from __future__", "EXTRA = 1\nfrom __future__") == {"plot", "report"}
    for file in ("design/words.py", "design/model_words.py"):
        assert {"plot", "report"} <= changed(package, file, "from __future__", "EXTRA = 1\nfrom __future__")


def test_the_board_rests_on_its_own_code_and_on_whatever_draws_and_plans(package):
    edit = ("from __future__", "EXTRA = 1\nfrom __future__")
    assert changed_at_all(package, "replication/pooled.py", *edit) == {"board"}
    for file in ("figures/board_forest.py", "design/plan.py", "palette.py", "tables.py"):
        assert "board" in changed_at_all(package, file, *edit)
    for file in ("engines/deseq2/wald.py", "enrich/rotation.py", "io/text_matrix.py"):
        assert "board" not in changed_at_all(package, file, *edit)
