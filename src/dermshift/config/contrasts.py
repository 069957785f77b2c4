"""Contrast files of nf-core/differentialabundance: CSV, TSV or YAML, one comparison each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dermshift.checks.finding import capped
from dermshift.config.text import read_yaml
from dermshift.errors import ConfigError, FormatError, Problem
from dermshift.io.text import read_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NEEDED = ("id", "variable", "reference", "target")
KEYS = (*NEEDED, "blocking", "exclude_samples_col", "exclude_samples_values", "formula", "make_contrasts_str")
OF_YAML = ("id", "comparison", "blocking_factors", *KEYS[5:])
TABLE = "columns id, variable, reference, target and, where needed, blocking"
LIST = "contrasts: a list of entries with id and comparison: [variable, reference, target], or formula"


LONGEST, MOST_SHOWN = 1000, 80
"""Characters of a cell, and of a name in a message."""


@dataclass(frozen=True)
class Contrast:
    """One line of the file as it stands there; ``where`` names it in messages.

    Parameters
    ----------
    blocking
        Columns modelled besides `variable`.
    excluded
        Column and labels of the samples to be left out, or ().
    coefficient
        ``make_contrasts_str``: what is tested of `formula`.
    """

    where: str
    variable: str
    reference: str
    target: str
    blocking: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    formula: str = ""
    coefficient: str = ""


def read_contrasts(path: str) -> tuple[Contrast, ...]:
    """Read a contrast file.

    Raises
    ------
    ConfigError
        The file cannot be read, or lines lack or hold something else than they should, all of them.
    """
    rows = _yaml_rows(path) if Path(path).suffix.lower() in (".yaml", ".yml") else _table_rows(path)
    problems = [problem for where, row in rows for problem in _problems(where, row)]
    names = [row["id"] for _, row in rows]
    problems += [
        Problem(where, f"the id '{row['id'][:MOST_SHOWN]}' again", "every id once", "Rename one of them.")
        for place, (where, row) in enumerate(rows)
        if row["id"] in names[:place]
    ]
    if problems:
        raise ConfigError(*capped(problems))
    return tuple(_contrast(where, row) for where, row in rows)


def _table_rows(path: str) -> list[tuple[str, dict[str, str]]]:
    try:
        grid = read_grid(path)
    except FormatError as error:
        raise ConfigError(*error.problems) from error
    header = [name.strip() for name in grid.header]
    unknown = [name for name in header if name not in KEYS]
    missing = [name for name in ("id", *(NEEDED if "formula" not in header else ())) if name not in header]
    if unknown or missing:
        found = "; ".join(
            [
                *(f"no column '{name}'" for name in missing),
                *(f"a column '{name[:MOST_SHOWN]}'" for name in unknown[:10]),
            ]
        )
        raise ConfigError(Problem(f"{path}, header", found, TABLE, "Correct the header."))
    cells = [dict(zip(header, (cell.strip() for cell in row), strict=True)) for row in grid.rows]
    return [
        (f"{path}, line {line} ('{row['id'][:MOST_SHOWN]}')", dict.fromkeys(KEYS, "") | row)
        for line, row in zip(grid.lines, cells, strict=True)
    ]


def _yaml_rows(path: str) -> list[tuple[str, dict[str, str]]]:
    value = read_yaml(Path(path))
    entries = value.get("contrasts")
    if set(value) != {"contrasts"} or not isinstance(entries, list) or not entries:
        raise ConfigError(Problem(path, f"keys {', '.join(map(str, value))}", LIST, "Correct the file."))
    rows, problems = [], []
    for place, entry in enumerate(entries, 1):
        where = f"{path}, contrast {place}"
        row = _flat(entry)
        if row is None:
            problems.append(Problem(where, repr(entry)[:80], LIST, "Correct the entry."))
        else:
            rows.append((f"{where} ('{row['id'][:MOST_SHOWN]}')", row))
    if problems:
        raise ConfigError(*capped(problems))
    return rows


def _flat(entry: object) -> dict[str, str] | None:
    """Return an entry of the YAML form with the keys of the table, or None for anything else."""
    if not isinstance(entry, dict) or set(entry) - set(OF_YAML) or not isinstance(entry.get("id"), str):
        return None
    comparison, blocking = entry.get("comparison", []), entry.get("blocking_factors", [])
    plain = {key: entry.get(key, "") for key in ("id", *KEYS[5:])}
    if not (_texts(comparison) and _texts(blocking) and _texts(plain.values())) or len(comparison) not in (0, 3):
        return None
    triple = dict(zip(NEEDED[1:], comparison or ("", "", ""), strict=True))
    return triple | {"blocking": ";".join(blocking)} | plain


def _texts(values: object) -> bool:
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        return False
    return all(isinstance(value, str) for value in values)


def _problems(where: str, row: Mapping[str, str]) -> Iterable[Problem]:
    if long := [key for key, text in row.items() if len(text) > LONGEST]:
        found = f"{max(map(len, row.values()))} characters for {', '.join(long)}"
        yield Problem(where, found, f"at most {LONGEST}", "Correct the file: no name is so long.")
        return
    by_levels = all(row[key] for key in NEEDED[1:])
    any_level = any(row[key] for key in NEEDED[1:])
    if row["formula"]:
        if any_level or row["blocking"] or not row["make_contrasts_str"]:
            expected = "formula and make_contrasts_str, and no comparison beside them"
            yield Problem(where, f"the formula {row['formula']!r}", expected, "Give one or the other.")
    elif not by_levels or row["make_contrasts_str"]:
        lacking = [key for key in NEEDED[1:] if not row[key]] or ["formula"]
        yield Problem(where, f"nothing for {', '.join(lacking)}", "variable, reference and target", "Complete it.")
    if bool(row["exclude_samples_col"]) != bool(row["exclude_samples_values"]):
        expected = "exclude_samples_col and exclude_samples_values together"
        yield Problem(where, "one of two columns that belong together", expected, "Give both or neither.")


def _contrast(where: str, row: Mapping[str, str]) -> Contrast:
    excluded = (
        (row["exclude_samples_col"], *_split(row["exclude_samples_values"])) if row["exclude_samples_col"] else ()
    )
    named = {key: row[key] for key in NEEDED[1:]}
    blocking = _split(row["blocking"])
    return Contrast(where, **named, blocking=blocking, excluded=excluded, formula=row["formula"],
                    coefficient=row["make_contrasts_str"])  # fmt: skip


def _split(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(";") if name.strip())
