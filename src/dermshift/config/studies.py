"""The table of studies: which configurations are run side by side, and which of them are discovery or replication."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from dermshift.checks.finding import capped, listed, nearest
from dermshift.config.read import read_config
from dermshift.errors import ConfigError, DermshiftError, Problem
from dermshift.io.text import read_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dermshift.io.text import Grid

Role = Literal["discovery", "replication"]
"""What a study is to the others, stated before anything is run: never by what it found."""
ROLES: tuple[Role, ...] = get_args(Role)
NEEDED, OPTIONAL = ("config", "role"), ("label",)
LONGEST_LABEL = 40
"""Characters of a label: it stands beside rows of figures."""


@dataclass(frozen=True)
class StudyLine:
    """One line of the table: path of a configuration, role of its study, and the words that stand for it."""

    config: Path
    role: Role
    label: str


def read_studies(path: str | Path) -> tuple[StudyLine, ...]:
    """Read and validate a table of studies, tab-separated UTF-8 with the columns config, role and, if wanted, label.

    Paths are relative to the working folder, as those within a configuration. Where no label is given, the name of the
    configuration's file stands for the study. A configuration that cannot be read is left to the run of its study, so
    that one faulty study does not stop the others.

    Raises
    ------
    ConfigError
        Every problem at once: columns, roles, files that are not there, labels, and studies that stand there twice.
    FormatError
        The file is no table.
    """
    where = str(path)
    grid = read_grid(where)
    if problems := _layout(grid, where):
        raise ConfigError.of(problems)
    rows = [dict(zip(grid.header, (cell.strip() for cell in row), strict=True)) for row in grid.rows]
    places = [f"{where}, line {line}" for line in grid.lines]
    problems = [problem for row, place in zip(rows, places, strict=True) for problem in _row_problems(row, place)]
    lines = [_line(row) for row in rows]
    problems += _repeated(lines, places)
    if problems:
        raise ConfigError.of(capped(problems))
    return tuple(lines)


def _layout(grid: Grid, where: str) -> list[Problem]:
    place = f"{where}, header"
    known = (*NEEDED, *OPTIONAL)
    expected = f"the columns {listed(NEEDED)} and, if wanted, {listed(OPTIONAL)}, separated by tabs"
    if grid.separator != "\t" or grid.notes:
        return [Problem(place, f"{listed(map(repr, grid.header))} in another layout", expected, "Write it as TSV.")]
    unknown = [name for name in grid.header if name not in known]
    problems = [
        Problem(place, f"an unknown column '{name}'{nearest(name, known)}", expected, "Correct or remove the column.")
        for name in unknown
    ]
    absent = [name for name in NEEDED if name not in grid.header]
    return problems + [Problem(place, f"no column '{name}'", expected, "Add the column.") for name in absent]


def _row_problems(row: dict[str, str], place: str) -> Iterator[Problem]:
    config, role, label = row["config"], row["role"], row.get("label", "")
    if not config:
        yield Problem(f"{place}, column 'config'", "nothing", "path of a configuration", "Name the file.")
    elif not Path(config).is_file():
        found = f"'{config}': no such file{nearest(config, _beside(config))}"
        action = "Correct the path; it is relative to the working folder."
        yield Problem(f"{place}, column 'config'", found, "a configuration, YAML", action)
    if role not in ROLES:
        found = f"'{role}'{nearest(role, ROLES)}" if role else "nothing"
        yield Problem(f"{place}, column 'role'", found, f"one of {listed(ROLES)}", "Correct the role.")
    if len(label) > LONGEST_LABEL:
        found = f"{len(label)} characters"
        yield Problem(f"{place}, column 'label'", found, f"at most {LONGEST_LABEL} characters", "Shorten the label.")


def _beside(config: str) -> list[str]:
    """Return the configurations in the folder that is meant, as they would be written."""
    folder = Path(config).parent
    try:
        return sorted(found.as_posix() for found in folder.glob("*.y*ml"))
    except OSError:
        return []


def _line(row: dict[str, str]) -> StudyLine:
    config = Path(row["config"])
    return StudyLine(config, cast("Role", row["role"]), row.get("label", "") or config.stem)


def _repeated(lines: Sequence[StudyLine], places: Sequence[str]) -> Iterator[Problem]:
    """Yield a problem for everything that must stand there once: file, folder of the results, label."""
    there = [(line, place) for line, place in zip(lines, places, strict=True) if line.config.is_file()]
    files = [(line.config.resolve().as_posix(), place) for line, place in there]
    once = set(_firsts(files))
    folders = [(_folder(line.config), place) for line, place in there if place in once]
    action = "A study counts once: remove the line."
    yield from _twice(files, "the same configuration as in", "every configuration once", action)
    action = "Change study.name or out in one of the two configurations."
    yield from _twice(folders, "results in the same folder as", "study.name and out that no other study has", action)
    labels = [(line.label, place) for line, place in there if place in once]
    yield from _twice(labels, "the same label as in", "every label once", "Add or change a label.")


def _folder(config: Path) -> str:
    """Return where the results of a study go; "" where its configuration cannot be read."""
    try:
        read = read_config(config)
    except DermshiftError:
        return ""
    return (Path(read.out) / read.study.name).resolve().as_posix()


def _firsts(values: Iterable[tuple[str, str]]) -> list[str]:
    seen: dict[str, str] = {}
    for value, place in values:
        seen.setdefault(value, place)
    return list(seen.values())


def _twice(values: Sequence[tuple[str, str]], words: str, expected: str, action: str) -> Iterator[Problem]:
    places = defaultdict(list)
    for value, place in values:
        if value:
            places[value].append(place)
    for first, *others in places.values():
        for place in others:
            yield Problem(place, f"{words} {first.rpartition(', ')[2]}", expected, action)
