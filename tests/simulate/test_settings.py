from __future__ import annotations

import pytest

from dermshift.errors import ConfigError
from dermshift.simulate import Settings, simulate
from dermshift.simulate.inputs import TABLES


def test_every_unknown_choice_is_named_at_once(small):
    wrong = small(preset="tiny", layout="cells", traps=("fire",), compartments=("moon",))
    with pytest.raises(ConfigError) as error:
        simulate(wrong)
    assert {problem.where for problem in error.value.problems} == {"preset", "layout", "trap", "compartments"}
    assert "sex_swap" in str(error.value)


def test_impossible_numbers_are_named_at_once(small):
    with pytest.raises(ConfigError) as error:
        simulate(small(seed=-1, genes=10, females=0, males=0))
    assert [problem.where for problem in error.value.problems] == ["seed", "genes", "patients"]


def test_a_folder_without_the_tables_names_every_missing_file(tmp_path):
    with pytest.raises(ConfigError) as error:
        simulate(Settings(seed=1, data=tmp_path))
    assert len(error.value.problems) == len(TABLES)


@pytest.fixture
def copied(root, tmp_path):
    """Copy the tables so that a test may spoil one."""
    for name, _ in TABLES.values():
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((root / "data" / name).read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("panels", "growth_arrest", "growth_stop", "growth_arrest"),
        ("levels", "kind", "sort", "columns missing: kind"),
    ],
)
def test_a_spoilt_table_is_reported(copied, table, old, new, message):
    path = copied / TABLES[table][0]
    path.write_text(path.read_text().replace(old, new))
    settings = Settings(seed=1, genes=300, females=1, males=1, data=copied)
    with pytest.raises(ConfigError, match=message):
        simulate(settings)


def test_an_unknown_trap_action_is_reported(copied):
    path = copied / TABLES["traps"][0]
    path.write_text(path.read_text().replace("low_gland\tpurity", "low_gland\tpurify"))
    with pytest.raises(ConfigError, match="purify"):
        simulate(Settings(seed=1, genes=300, traps=("low_gland",), data=copied))


def test_vocabulary_comes_from_the_tables(copied):
    path = copied / TABLES["settings"][0]
    path.write_text(path.read_text().replace("week1", "day9"))
    sheet = simulate(Settings(seed=1, genes=300, females=1, males=1, data=copied)).sheet
    assert set(sheet["timepoint"]) == {"baseline", "day9"}
