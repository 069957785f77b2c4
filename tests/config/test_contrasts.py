"""Contrast files of nf-core/differentialabundance: read, translated, or refused with the reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dermshift.config.contrast_asks import translate
from dermshift.config.contrasts import Contrast, read_contrasts
from dermshift.config.formula import Formula, parse_formula
from dermshift.config.read import read_config, validate
from dermshift.config.roles import Roles
from dermshift.design import Ask
from dermshift.errors import ConfigError
from dermshift.study import Timepoints

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = {"patient": "subject", "timepoint": "visit", "sex": "gender", "compartment": "tissue"}
ROLES = Roles(COLUMNS, Timepoints("base", "week1", ("week8",)), ("pool",))
HEADER = "id,variable,reference,target,blocking,exclude_samples_col,exclude_samples_values"
STUDY = {
    "name": "a",
    "matrix": "m.tsv",
    "samples": "s.csv",
    "columns": COLUMNS,
    "timepoints": {"before": "base", "after": ["week1", "week8"]},
}


def table(folder: Path, *lines: str, header: str = HEADER) -> str:
    path = folder / "contrasts.csv"
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    return str(path)


def listed(folder: Path, *entries: object) -> str:
    path = folder / "contrasts.yaml"
    path.write_text(json.dumps({"contrasts": entries}), "utf-8")
    return str(path)


def one(variable="visit", reference="base", target="week1", blocking=("subject",), **others):
    return Contrast("f.csv, line 2 ('x')", variable, reference, target, blocking, **others)


def model(formula, coefficient):
    return Contrast("f.yaml, contrast 1 ('x')", "", "", "", formula=formula, coefficient=coefficient)


def refusal(contrast):
    with pytest.raises(ConfigError) as caught:
        translate([contrast], ROLES)
    [problem] = caught.value.problems
    assert problem.where == contrast.where
    return problem


@pytest.mark.parametrize(
    ("contrast", "ask"),
    [
        (one(), Ask()),
        (one(target="week8"), Ask(by="timepoint")),
        (one(reference="week1", target="week8"), Ask(by="timepoint")),
        (one(excluded=("visit", "pool")), Ask()),
        (model("~ subject + visit", "visitweek1"), Ask()),
        (model("~subject+visit", "visitweek8 - visitweek1"), Ask(by="timepoint")),
        (model("~ visit + (1 | subject)", "visitweek1"), Ask(block="random")),
        (model("~ subject + visit + visit:gender", "visitweek1.genderm"), Ask(by="sex")),
        (model("~ gender + gender:subject + gender:visit", "genderm.visitweek1"), Ask(by="sex")),
        (model("~ subject + visit:gender", "visitweek1:genderm - visitweek1:genderf"), Ask(by="sex")),
        (model("~ tissue * visit + (1|subject)", "tissuegland.visitweek1"), Ask(by="compartment", block="random")),
        (model("~ subject + arm*visit", "visitweek1"), Ask(by="arm")),
    ],
)
def test_what_this_program_answers_is_translated(contrast, ask):
    assert translate([contrast, contrast], ROLES) == (ask,)


@pytest.mark.parametrize(
    ("contrast", "found", "action"),
    [
        (one(blocking=()), "no blocking by patient: none", "Write blocking: subject"),
        (one(blocking=("subject", "batch")), "blocking by batch as well", "Leave it out"),
        (one("gender", "f", "m"), "levels of 'gender' compared", "asked by {by: sex} in questions"),
        (one("tissue", "skin", "gland"), "levels of 'tissue' compared", "{by: compartment}"),
        (one("subject", "1", "2"), "patients compared", "Remove"),
        (one(reference="week1", target="base"), "the sign of every change", "{before: week1, after: base}"),
        (one(target="week9"), "reference 'base', target 'week9'", "Correct the label"),
        (one(target="base"), "reference 'base', target 'base'", "Correct the label"),
        (one(excluded=("gender", "f")), "samples left out by 'gender': f", "study.timepoints.others"),
        (one(excluded=("visit", "week8")), "samples left out by 'visit': week8", "study.timepoints.others"),
        (model("~ visit", "visitweek1"), "no patient in the model", "compared with themself"),
        (model("~ subject + visit + (1 | subject)", "visitweek1"), "both fixed and random", "Name 'subject' once"),
        (model("~ visit + (1 | batch)", "visitweek1"), "'(1 | batch)'", "no place for it"),
        (model("~ subject + visit + batch", "visitweek1"), "the term 'batch'", "no place for it"),
        (model("~ subject + gender * visit * batch", "visitweek1"), "'batch:gender:visit'", "no place for it"),
        (model("~ subject * visit", "visitweek1"), "'subject:visit'", "no place for it"),
        (model("~ 0 + subject + visit", "visitweek1"), "the term '0'", "Rewrite"),
        (model("~ subject + log(visit)", "visitweek1"), "the term 'log(visit)'", "Rewrite"),
        (model("~ subject + __import__('os')", "visitweek1"), "the term \"__import__('os')\"", "Rewrite"),
        (model("y ~ subject + visit", "visitweek1"), "the term 'y ~", "Rewrite"),
        (model("~ subject", "visitweek1"), "no timepoint", "Add 'visit'"),
        (model("~ subject + visit", "visitweek9"), "make_contrasts_str 'visitweek9'", "Correct it"),
        (model("~ subject + visit", "(visitweek1 + visitweek8)/2"), "make_contrasts_str", "Correct it"),
        (model("~ subject + visit", "visitbase - visitweek1"), "the sign of every change", "Swap"),
        (model("~ subject + gender * visit", "genderm"), "make_contrasts_str 'genderm'", "change at every level"),
        (model("~ subject + gender * visit", "genderm.visitweek8"), "make_contrasts_str", "change at every level"),
    ],
)
def test_what_it_does_not_answer_is_refused_with_the_reason(contrast, found, action):
    problem = refusal(contrast)
    assert found in problem.found
    assert action in problem.action
    assert problem.expected


def test_every_contrast_that_is_refused_is_named(tmp_path):
    path = table(tmp_path, "a,visit,base,week1,,,", "b,gender,f,m,subject,,", "c,visit,base,week1,subject,,")
    with pytest.raises(ConfigError) as caught:
        translate(read_contrasts(path), ROLES)
    assert [problem.where.split(", ")[-1] for problem in caught.value.problems] == ["line 2 ('a')", "line 3 ('b')"]


def test_table_and_list_say_the_same(tmp_path):
    from_table = read_contrasts(table(tmp_path, "007,visit,base,week1,subject;batch,gender,f;m"))
    entry = {"id": "007", "comparison": ["visit", "base", "week1"], "blocking_factors": ["subject", "batch"]}
    entry |= {"exclude_samples_col": "gender", "exclude_samples_values": "f;m"}
    [first], [second] = from_table, read_contrasts(listed(tmp_path, entry))
    assert vars(first) | {"where": ""} == vars(second) | {"where": ""}
    assert (first.blocking, first.excluded) == (("subject", "batch"), ("gender", "f", "m"))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["a,visit,base,week1,subject,,", "a,visit,base,week8,subject,,"], "the id 'a' again"),
        (["a,visit,,week1,subject,,"], "nothing for reference"),
        (["a,visit,base,week1,subject,gender,"], "one of two columns that belong together"),
    ],
)
def test_incomplete_lines_are_refused(tmp_path, lines, words):
    with pytest.raises(ConfigError, match=words):
        read_contrasts(table(tmp_path, *lines))


@pytest.mark.parametrize(
    "content",
    [
        "contrasts: []\n",
        "contrast: [{id: a}]\n",
        "contrasts: [{id: a, comparison: [visit, base]}]\n",
        "contrasts: [{id: a, comparison: visit}]\n",
        "contrasts: [{id: a, formula: '~ a'}]\n",
        "contrasts: [{id: a, comparison: [v, b, w], wrong: 1}]\n",
        "contrasts: [a]\n",
        "contrasts: [{id: [a]}]\n",
        "contrasts: !!python/object/apply:os.system [ls]\n",
        "- a\n",
    ],
)
def test_other_yaml_is_refused(tmp_path, content):
    path = tmp_path / "c.yml"
    path.write_text(content, "utf-8")
    with pytest.raises(ConfigError):
        read_contrasts(str(path))


def test_wrong_files_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="no column 'target'; a column 'goal'"):
        read_contrasts(table(tmp_path, "a,visit,base,week1", header="id,variable,reference,goal"))
    with pytest.raises(ConfigError, match="No such file"):
        read_contrasts(str(tmp_path / "absent.csv"))


def test_a_config_takes_its_questions_from_the_file(tmp_path):
    path = table(tmp_path, "a,visit,base,week1,subject,,", "b,visit,base,week8,subject,,")
    config = validate({"study": STUDY, "contrasts": path}, "c")
    assert config.asks == (Ask(), Ask(by="timepoint"))
    assert config.contrasts == path
    both = validate({"study": STUDY, "contrasts": path, "questions": ["response", {"by": "sex"}]}, "c")
    assert both.asks == (Ask(), Ask(by="timepoint"), Ask(by="sex"))
    # Read again as it was recorded, it asks the same.
    assert validate(both.model_dump(mode="json", exclude_none=True), "c").asks == both.asks


def test_one_pair_of_timepoints_in_the_file_is_enough(tmp_path):
    study = {key: value for key, value in STUDY.items() if key != "timepoints"}
    path = table(tmp_path, "a,visit,base,week1,subject,,", "b,gender,f,m,subject,,")
    with pytest.raises(ConfigError, match="levels of 'gender'"):
        validate({"study": study, "contrasts": path}, "c")
    path = table(tmp_path, "a,visit,base,week1,subject,,")
    config = validate({"study": study, "contrasts": path}, "c")
    assert config.study.timepoints.timepoints == Timepoints("base", "week1")
    path = table(tmp_path, "a,visit,base,week1,subject,,", "b,visit,base,week8,subject,,")
    with pytest.raises(ConfigError, match="'base' to 'week1', 'base' to 'week8'"):
        validate({"study": study, "contrasts": path}, "c")


def test_other_faults_of_the_config_are_still_named(tmp_path):
    path = table(tmp_path, "a,visit,base,week1,subject,,")
    with pytest.raises(ConfigError, match="alhpa"):
        validate({"study": STUDY, "contrasts": path, "analysis": {"alhpa": "1"}}, "c")
    with pytest.raises(ConfigError, match="contrasts"):
        validate({"study": STUDY, "contrasts": ["a"]}, "c")
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"study": STUDY, "contrasts": path, "analysis": {"alpha": "0.1"}}), "utf-8")
    assert read_config(config).analysis.alpha == 0.1


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True)
FORMULAS = st.builds(
    Formula, st.frozensets(st.frozensets(NAMES, min_size=1, max_size=3), min_size=1, max_size=4), st.frozensets(NAMES)
)


@given(FORMULAS)
def test_a_formula_that_is_printed_reads_the_same(formula):
    assert parse_formula(str(formula)) == formula


@given(st.text(max_size=60))
def test_any_text_is_a_formula_or_a_value_error(text):
    try:
        formula = parse_formula(text)
    except ValueError:
        return
    assert parse_formula(str(formula)) == formula


@given(st.permutations([one(), one(target="week8"), model("~ subject + visit:gender", "visitweek1.genderm")]))
def test_the_order_of_lines_changes_no_question(contrasts):
    assert set(translate(contrasts, ROLES)) == {Ask(), Ask(by="timepoint"), Ask(by="sex")}


def test_a_cell_as_long_as_a_book_is_not_shown(tmp_path):
    with pytest.raises(ConfigError) as caught:
        read_contrasts(
            table(tmp_path, f"{'x' * 5000},visit,base,week1,subject", header="id,variable,reference,target,blocking")
        )
    assert "5000 characters for id" in str(caught.value)
    assert len(str(caught.value)) < 1000
