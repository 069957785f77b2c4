from __future__ import annotations

import pytest

PARTS = ("found:", "expected:", "do:")
HOSTILE = ("$(touch x)", "../../x", "a;b", "a b", "-rf", "{wildcard}", "<script>")


def refused(trial, command, verb: str, *options: str) -> str:
    """Run a verb that has to refuse: exit 2, four parts, nothing written."""
    config = trial.write()
    before = trial.files()
    code, _, err = command(verb, config, *options)
    assert code == 2, err
    assert all(part in err for part in PARTS)
    assert "Traceback" not in err
    assert trial.files() == before
    assert not (trial.folder.parent / "x").exists()
    return err


@pytest.mark.parametrize("verb", ["check", "run"])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_study_names_are_refused(trial, command, verb, name):
    trial.config["name"] = f"'{name}'"
    assert "study.name" in refused(trial, command, verb)


@pytest.mark.parametrize("column", [0, 1, 3])
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_identifiers_in_the_sheet_are_refused(trial, command, name, column):
    trial.config["columns"] = "{patient: patient, timepoint: timepoint, sex: sex}"
    old = trial.sheet[1][column]
    trial.sheet = [
        [name if cell == old and place == column else cell for place, cell in enumerate(row)] for row in trial.sheet
    ]
    trial.matrix[0] = [name if cell == old else cell for cell in trial.matrix[0]]
    assert name in refused(trial, command, "run")


def test_hostile_timepoints_are_refused(trial, command):
    trial.config["timepoints"] = "{before: 'before', after: '$(touch x)'}"
    refused(trial, command, "run")


def test_a_misspelt_key_names_the_nearest(trial, command):
    trial.config["matirx"] = trial.config.pop("matrix")
    assert "Did you mean 'matrix'?" in refused(trial, command, "run")


def test_templating_keys_are_refused(trial, command):
    trial.config["top.__use_yte__"] = "true"
    assert "__use_yte__" in refused(trial, command, "run")


def test_every_problem_is_named_at_once(trial, command):
    del trial.sheet[2]
    trial.matrix[3][4] = "-1"
    err = refused(trial, command, "check")
    assert "P1" in err
    assert "-1" in err or "negative" in err


def test_a_question_without_its_column_is_refused(trial, command):
    trial.config["top.questions"] = "[response, {by: tissue}]"
    assert "tissue" in refused(trial, command, "run")


def test_a_gene_that_is_not_there_is_refused(trial, command):
    trial.config["top.genes"] = "{mediator: LCN2}"
    assert "LCN2" in refused(trial, command, "run")


def test_an_unknown_engine_is_refused(trial, command):
    trial.config["top.analysis"] = "{engine: deseq3}"
    assert "deseq2" in refused(trial, command, "run")


def test_braces_in_a_path_are_refused(trial, command):
    trial.config["top.out"] = "'results{x}'"
    assert "{" in refused(trial, command, "run")


def test_missing_files_are_refused(trial, command):
    trial.config["matrix"] = "nowhere.tsv"
    assert "nowhere.tsv" in refused(trial, command, "run")


def test_a_missing_config_is_refused(command, tmp_path):
    code, _, err = command("check", str(tmp_path / "none.yaml"))
    assert code == 2
    assert all(part in err for part in PARTS)


def test_evidence_that_names_what_is_not_there_is_refused_all_at_once(trial, command):
    (trial.folder / "sets.gmt").write_text("GLAND\tours\tGENE1\tGENE2\n")
    trial.config["top.gene_sets"] = "[sets.gmt]"
    trial.config["top.evidence"] = "{scores: [GLANDS], association: OTHER, anchors: nope.tsv}"
    before_writing = trial.write()
    before = trial.files()
    code, _, err = command("check", before_writing)
    assert code == 2
    assert "3 problems" in err
    assert "Did you mean GLAND?" in err
    assert "no file nope.tsv" in err
    assert trial.files() == before


@pytest.mark.parametrize(
    ("analysis", "words"),
    [
        ("{test: lrt, lfc_threshold: 1}", "a likelihood-ratio test against no change"),
        ("{alternative: lessAbs}", "a threshold above zero"),
        ("{lfc_threshold: -1}", "lfc_threshold"),
    ],
)
def test_a_test_and_a_threshold_that_do_not_go_together_are_refused(trial, command, analysis, words):
    trial.config["top.analysis"] = analysis
    code, _, err = command("check", trial.write())
    assert code == 2
    assert words in err


@pytest.mark.parametrize("cores", ["zero", "0", "-2", "1.5", "²", ""])
def test_what_is_no_number_of_cores_is_refused_before_anything_starts(trial, command, cores):
    assert f"--cores {cores}\n" in refused(trial, command, "run", f"--cores={cores}")


def test_the_status_of_nothing_is_no_status(command, tmp_path):
    for target in (tmp_path, tmp_path / "none.yaml"):
        code, _, err = command("show", "status", str(target))
        assert code == 2
        assert all(part in err for part in PARTS)
