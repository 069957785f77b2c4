"""The configuration: closed keys, text values, nothing that runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.config import read_config
from dermshift.config.read import validate
from dermshift.design import Ask
from dermshift.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

STUDY = "study: {name: a, matrix: m.tsv, samples: s.tsv, timepoints: {before: t0, after: t1}}\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "c.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["config.yaml", "airway.yaml", "ad_skin.yaml"])
def test_shipped_configs_are_valid(root: Path, name: str) -> None:
    assert read_config(root / "config" / name).study.name


def test_example_asks_every_breakdown(root: Path) -> None:
    config = read_config(root / "config" / "config.yaml")
    assert config.asks == (Ask(), Ask("sex"), Ask("compartment"), Ask("sex", "compartment"))
    assert config.asked == {"sex", "compartment"}
    assert config.genes == {"mediator": "LCN2"}


@pytest.mark.parametrize(
    ("line", "wrong", "right"),
    [
        ("qestions: [response]", "qestions", "questions"),
        ("analysis: {alhpa: 0.1}", "alhpa", "alpha"),
        ("sex_check: {acknowledge: [S1]}", "acknowledge", "acknowledged"),
        ("questions: [{by: sex, witin: compartment}]", "witin", "within"),
    ],
)
def test_unknown_key_names_the_nearest(tmp_path: Path, line: str, wrong: str, right: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_config(write(tmp_path, STUDY + line))
    text = str(error.value)
    assert f"'{wrong}'" in text
    assert f"Did you mean '{right}'?" in text


@pytest.mark.parametrize("question", ["{block: sometimes}", "{block: fixed}", "{by: sex, block: sometimes}"])
def test_a_wrong_question_is_named_as_the_user_wrote_it(tmp_path: Path, question: str) -> None:
    with pytest.raises(ConfigError) as error:
        read_config(write(tmp_path, f"{STUDY}questions: [response, {question}]\n"))
    [problem] = error.value.problems
    assert re.search(r"questions\.1(\.block)?$", problem.where)
    assert "function" not in str(problem)


def test_all_problems_at_once(tmp_path: Path) -> None:
    text = "study: {name: a b, matrix: m, samples: s}\nanalysis: {alpha: 2, seed: -1}\ncolour: red\n"
    with pytest.raises(ConfigError) as error:
        read_config(write(tmp_path, text))
    places = " ".join(problem.where for problem in error.value.problems)
    for key in ("study.name", "study.timepoints", "analysis.alpha", "analysis.seed", "colour"):
        assert key in places


def test_a_declared_family_needs_its_file(tmp_path: Path) -> None:
    text = f"{STUDY}gene_sets: [sets/apoptosis.gmt]\ndeclared: [apoptosis, apoptsis]\n"
    with pytest.raises(ConfigError, match="'apoptsis'") as error:
        read_config(write(tmp_path, text))
    assert len(error.value.problems) == 1


def test_values_are_text(tmp_path: Path) -> None:
    text = "study: {name: 007, matrix: 1E5, samples: NA, timepoints: {before: 01, after: no}}\n"
    spec = read_config(write(tmp_path, text)).spec
    assert (spec.name, spec.matrix, spec.samples) == ("007", "1E5", "NA")
    assert (spec.timepoints.before, spec.timepoints.after) == ("01", "no")


def test_seed_zero_is_a_seed(tmp_path: Path) -> None:
    assert read_config(write(tmp_path, STUDY + "analysis: {seed: 0}")).analysis.seed == 0


@pytest.mark.parametrize("key", ["__use_yte__", "__definitions__", "__variables__"])
def test_templating_is_refused(tmp_path: Path, key: str) -> None:
    with pytest.raises(ConfigError, match=key):
        read_config(write(tmp_path, f"{STUDY}{key}: true\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("study: !!python/object/apply:os.system ['touch x']\n", "python/object"),
        ("a: &x [1]\nb: *x\n", "alias"),
        (STUDY + STUDY, "'study' twice"),
        ("a: [1\n", "line"),
        ("", "empty file"),
        ("just text\n", "no keys"),
    ],
)
def test_odd_yaml_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)) as error:
        read_config(write(tmp_path, text))
    assert error.value.problems[0].action


def test_missing_file_and_bytes(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        read_config(tmp_path / "absent.yaml")
    (tmp_path / "latin.yaml").write_bytes("name: caf\xe9".encode("latin-1"))
    with pytest.raises(ConfigError, match="UTF-8"):
        read_config(tmp_path / "latin.yaml")


@pytest.mark.parametrize("name", ["$(touch x)", "../../x", "a;b", "a b", "", "-a", "a\n"])
def test_names_that_would_reach_a_path_or_shell_are_refused(name: str) -> None:
    value = {"study": {"name": name, "matrix": "m", "samples": "s", "timepoints": {"before": "a", "after": "b"}}}
    with pytest.raises(ConfigError, match=r"study\.name"):
        validate(value, "c.yaml")


@given(st.text())
def test_any_text_is_a_config_or_a_config_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("junk") / "c.yaml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
    with pytest.raises(ConfigError):
        read_config(path)


@pytest.mark.parametrize(
    ("after", "questions", "where", "expected"),
    [
        ("[]", "[response]", "study.timepoints.after", "one entry or more"),
        ("a b", "[response]", "study.timepoints.after", "a letter or digit"),
        ("[t1, a b]", "[response]", "study.timepoints.after.1", "a letter or digit"),
        ("t1", "[{slope: kg, by: sex}]", "questions.0", "a slope without the keys 'by' and 'block'"),
    ],
)
def test_one_fault_is_one_problem(tmp_path: Path, after: str, questions: str, where: str, expected: str) -> None:
    text = f"{STUDY.replace('after: t1', f'after: {after}')}questions: {questions}\n"
    with pytest.raises(ConfigError) as caught:
        read_config(write(tmp_path, text))
    (problem,) = caught.value.problems
    assert problem.where.endswith(f": {where}")
    assert problem.expected.startswith(expected)


def test_several_visits_the_main_one_first(tmp_path: Path) -> None:
    config = read_config(write(tmp_path, STUDY.replace("after: t1", "after: [t1, t2]")))
    assert config.spec.timepoints.visits == ("t1", "t2")
    assert read_config(write(tmp_path, STUDY)).spec.timepoints.visits == ("t1",)
