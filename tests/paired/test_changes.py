"""The table of changes: the right pairs, the right sign, one row per patient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dermshift.design import Ask, plan
from dermshift.errors import DesignError
from dermshift.paired.changes import Changes, changes, item_notes, set_changes
from dermshift.study import Timepoints

TIMES = Timepoints("baseline", "week1")
SEX = {"P1": "female", "P2": "male", "P3": "female", "P4": "male", "P5": "female", "P6": "male", "P7": "female"}


def sheet_of(compartments: tuple[str, ...] = ("",)) -> pd.DataFrame:
    rows = [
        (f"{p}{t}{c}", p, t, SEX[p], c)
        for p in reversed(SEX)
        for t in (TIMES.after, TIMES.before)
        for c in compartments
    ]
    frame = pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "sex", "compartment"]).set_index("sample")
    return frame if compartments != ("",) else frame.drop(columns="compartment")


def expression_of(index: pd.Index, seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(size=(len(index), 12)), index=index, columns=[f"g{j}" for j in range(12)])


def by_hand(sheet: pd.DataFrame, values: pd.DataFrame, patient: str, place: str = "") -> pd.Series:
    own = sheet[sheet["patient"] == patient]
    own = own[own["compartment"] == place] if place else own
    after, before = (own.index[own["timepoint"] == t][0] for t in (TIMES.after, TIMES.before))
    return values.loc[after] - values.loc[before]


@pytest.mark.parametrize("design", plan(sheet_of(), TIMES, [Ask(), Ask("sex")]), ids=lambda d: d.question.id)
def test_questions_of_patients_against_a_loop(design) -> None:
    sheet = sheet_of()
    values = expression_of(sheet.index)
    found = changes(design, values)
    wanted = [p for p in sorted(SEX) if design.question.kind != "response_within" or SEX[p] in design.question.levels]
    assert found.patients == wanted
    for patient in wanted:
        np.testing.assert_allclose(found.values.loc[patient], by_hand(sheet, values, patient), rtol=1e-15)
    if design.question.kind == "difference":
        assert found.levels == ("male", "female")
        assert found.group.to_dict() == SEX
        assert found.sizes == (3, 4)
    else:
        assert found.group is None
    fitted = np.linalg.lstsq(design.matrix.to_numpy(), values.loc[design.matrix.index].to_numpy(), rcond=None)[0]
    first = found.first
    mean = found.values.mean() if first is None else found.values[first].mean() - found.values[~first].mean()
    np.testing.assert_allclose(mean, design.contrast @ fitted, rtol=1e-9, atol=1e-12)


def test_compartments_and_sex_within_a_compartment() -> None:
    sheet = sheet_of(("face", "back"))
    values = expression_of(sheet.index)
    seen = set()
    for design in plan(sheet, TIMES, [Ask("compartment"), Ask("sex", "compartment")]):
        found = changes(design, values)
        question = design.question
        seen.add(question.id)
        for patient in found.patients:
            if question.column == "compartment":
                parts = [by_hand(sheet, values, patient, level) for level in question.levels]
                expected = parts[0] if len(parts) == 1 else parts[0] - parts[1]
            else:
                expected = by_hand(sheet, values, patient, question.within[1])
            np.testing.assert_allclose(found.values.loc[patient], expected, rtol=1e-14)
        fitted = np.linalg.lstsq(design.matrix.to_numpy(), values.loc[design.matrix.index].to_numpy(), rcond=None)[0]
        first = found.first
        mean = found.values.mean() if first is None else found.values[first].mean() - found.values[~first].mean()
        np.testing.assert_allclose(mean, design.contrast @ fitted, rtol=1e-9, atol=1e-12)
    assert "difference_compartment_face_vs_back" in seen
    assert "difference_sex_male_vs_female_in_back" in seen


def test_order_of_samples_does_not_matter_and_missing_libraries_are_named() -> None:
    sheet = sheet_of()
    values = expression_of(sheet.index)
    design = plan(sheet, TIMES, [Ask()])[0]
    sexes = plan(sheet, TIMES, [Ask("sex")])[-1]
    turned = changes(replace(sexes, pairs=sexes.pairs[::-1]), values)
    pd.testing.assert_frame_equal(turned.values, changes(sexes, values).values)
    pd.testing.assert_series_equal(turned.group, changes(sexes, values).group)
    shuffled = values.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(changes(design, values).values, changes(design, shuffled).values)
    with pytest.raises(DesignError, match="no values of P3week1"):
        changes(design, values.drop(index="P3week1"))


def test_a_set_is_the_mean_of_its_tested_genes() -> None:
    sheet = sheet_of()
    found = changes(plan(sheet, TIMES, [Ask("sex")])[-1], expression_of(sheet.index))
    found.values.loc["P2", "g3"] = np.nan
    sets = set_changes(found, {"A set": ["g1", "g0", "g1", "absent", "g3"], "nothing": ["absent"]})
    expected = (found.values["g0"] + found.values["g1"]) / 2  # once each, without the incomplete gene
    np.testing.assert_allclose(sets.values["A set"], expected, rtol=1e-15)
    assert sets.values["nothing"].isna().all()
    assert sets.group is found.group
    assert set_changes(found, {}).values.shape == (7, 0)


def test_what_cannot_be_tested_is_said() -> None:
    values = pd.DataFrame(
        {"fine": [1.0, 2, 3, 4], "same": 0.1, "zero": 0.0, "gap": [1, np.nan, 2, 3], "sexes": [1.0, 1, 2, 2]},
        index=pd.Index(["a", "b", "c", "d"], name="patient"),
    )
    one = Changes(values)
    assert item_notes(one).to_dict() == {
        "fine": "",
        "same": "the same change in every patient",
        "zero": "the same change in every patient",
        "gap": "a value is missing",
        "sexes": "",
    }
    two = Changes(values, pd.Series(["m", "m", "f", "f"], index=values.index), ("m", "f"))
    assert item_notes(two)["sexes"] == "the same change in every patient"
    assert one.reason == ""
    assert two.reason == "2 patients in m and 2 patients in f, at least 3 needed"
    assert Changes(values.iloc[:1]).reason == "1 patient, at least 3 needed"
    assert two.without("b").patients == ["a", "c", "d"]
    assert two.without("b").sizes == (1, 2)
