"""The table of studies: every problem at once, in four parts."""

from __future__ import annotations

from contextlib import chdir
from typing import TYPE_CHECKING

import pytest

from dermshift.config.studies import StudyLine, read_studies
from dermshift.errors import ConfigError, DermshiftError, FormatError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = "study: {{name: {name}, matrix: m.tsv, samples: s.tsv, timepoints: {{before: t0, after: t1}}}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A working folder with three configurations."""
    for name in ("skin_a", "skin_b", "cells"):
        (tmp_path / f"{name}.yaml").write_text(CONFIG.format(name=name))
    with chdir(tmp_path):
        yield tmp_path


def written(folder: Path, text: str) -> Path:
    path = folder / "studies.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> str:
    with pytest.raises(DermshiftError) as error:
        read_studies(written(folder, text))
    assert all(all(problem.as_dict().values()) for problem in error.value.problems), "four parts each"
    return str(error.value)


def test_a_table_is_read_in_its_order_and_its_labels_are_kept(folder: Path) -> None:
    text = "label\trole\tconfig\nSkin A\tdiscovery\tskin_a.yaml\n\nSkin B\treplication\tskin_b.yaml\n"
    first, second = read_studies(written(folder, text))
    assert (str(first.config), first.role, first.label) == ("skin_a.yaml", "discovery", "Skin A")
    assert second.label == "Skin B"


def test_without_a_label_the_file_stands_for_the_study(folder: Path) -> None:
    lines = read_studies(written(folder, "config\trole\nskin_a.yaml\tdiscovery\n"))
    assert [line.label for line in lines] == ["skin_a"]
    assert isinstance(lines[0], StudyLine)


def test_every_problem_is_told_at_once(folder: Path) -> None:
    rows = (
        ("config", "role", "label"),
        ("skin_a.yaml", "dicsovery", "A"),
        ("skin_x.yaml", "replication", "B"),
        ("", "replication", "C"),
        ("cells.yaml", "", "D"),
        ("skin_b.yaml", "replication", "long" * 11),
    )
    found = problems(folder, "".join("\t".join(row) + "\n" for row in rows))
    assert "nearest: 'discovery'" in found
    assert "'skin_x.yaml': no such file; nearest: 'skin_" in found
    for place in (
        "line 2, column 'role'",
        "line 3, column 'config'",
        "line 4, column 'config'",
        "line 5, column 'role'",
    ):
        assert place in found
    assert "44 characters" in found


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("confg\trole", ("unknown column 'confg'; nearest: 'config'", "no column 'config'")),
        ("config\tlabel", ("no column 'role'",)),
        ("config\trole\tnote", ("unknown column 'note'",)),
        ("config\tconfig", ("the same name twice",)),
    ],
)
def test_columns_are_named(folder: Path, header: str, words: tuple[str, ...]) -> None:
    cells = "\t".join("x" for _ in header.split("\t"))
    found = problems(folder, f"{header}\n{cells}\n")
    assert all(word in found for word in words)


@pytest.mark.parametrize(
    "text", ["", "config\trole\n", "config,role\nskin_a.yaml,discovery\n", "config\trole\na\tb\tc\n"]
)
def test_what_is_no_table_is_refused(folder: Path, text: str) -> None:
    assert problems(folder, text)


def test_bytes_that_are_no_utf8_and_an_absent_table_are_refused(folder: Path) -> None:
    (folder / "studies.tsv").write_bytes(b"config\trole\nskin\xe4.yaml\tdiscovery\n")
    with pytest.raises(FormatError, match="no UTF-8"):
        read_studies(folder / "studies.tsv")
    with pytest.raises(FormatError, match="No such file"):
        read_studies(folder / "nothing.tsv")


def test_the_same_configuration_twice_is_told_however_it_is_written(folder: Path) -> None:
    text = "config\trole\nskin_a.yaml\tdiscovery\n./skin_a.yaml\treplication\n"
    assert "line 3\n  found:    the same configuration as in line 2" in problems(folder, text)


def test_two_studies_never_share_a_folder(folder: Path) -> None:
    (folder / "skin_b.yaml").write_text(CONFIG.format(name="skin_a"))
    text = "config\trole\nskin_a.yaml\tdiscovery\nskin_b.yaml\treplication\n"
    assert "results in the same folder as line 2" in problems(folder, text)
    (folder / "skin_b.yaml").write_text(f"{CONFIG.format(name='skin_a')}out: elsewhere\n")
    assert len(read_studies(folder / "studies.tsv")) == 2


def test_labels_stand_once(folder: Path) -> None:
    text = "config\trole\tlabel\nskin_a.yaml\tdiscovery\tskin\nskin_b.yaml\treplication\tskin\n"
    assert "the same label as in line 2" in problems(folder, text)


def test_a_faulty_configuration_is_left_to_the_run_of_its_study(folder: Path) -> None:
    (folder / "skin_b.yaml").write_text("study: nonsense\n")
    text = "config\trole\nskin_a.yaml\tdiscovery\nskin_b.yaml\treplication\n"
    assert len(read_studies(written(folder, text))) == 2


def test_many_wrong_lines_are_counted(folder: Path) -> None:
    lines = "".join(f"none{place}.yaml\treplication\n" for place in range(30))
    with pytest.raises(ConfigError) as error:
        read_studies(written(folder, f"config\trole\n{lines}"))
    assert len(error.value.problems) == 11
