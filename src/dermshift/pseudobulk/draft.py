"""A configuration to start from: what can be known from the sheet, and plain words on what was assumed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from dermshift.design import Ask, plan
from dermshift.errors import DesignError
from dermshift.names import COMPARTMENT, PATIENT, SAFE_ID, SEX, TIMEPOINT
from dermshift.pseudobulk.write import COUNTS, SHEET
from dermshift.study import Timepoints

if TYPE_CHECKING:
    from collections.abc import Sequence

EARLY = re.compile(
    r"(?i)(base(line)?|before|pre.*|untreated|control|screening|(day|d|week|w|month|m|visit|v|t)?[._-]?0+)"
)
NUMBER = re.compile(r"(\d+)")
TABLES = {"genes": "data/genes.tsv", "sex_genes": "data/sex_genes.tsv"}


def order_timepoints(labels: Sequence[str]) -> tuple[list[str], bool]:
    """Return timepoints in their likely order, and whether a name such as ``baseline`` says which is first."""
    natural = sorted(labels, key=lambda text: [int(x) if x.isdigit() else x for x in NUMBER.split(text)])
    early = [name for name in natural if EARLY.fullmatch(name)]
    rest = [name for name in natural if name not in early]
    return [*early, *rest], len(early) == 1


def draft(rows: list[dict[str, Any]], folder: Path) -> str | None:
    """Return the text of a configuration, None where there are not two timepoints.

    Questions the samples cannot answer stand in it as comments, with the reason.
    """
    sheet = pd.DataFrame(rows).astype(str).set_index("sample")
    labels, sure = order_timepoints(sorted(set(sheet[TIMEPOINT])))
    if len(labels) < 2:
        return None
    before, *later = labels
    visits = sheet.groupby([PATIENT, COMPARTMENT])[TIMEPOINT].nunique()
    asks = ["response", *(["{by: compartment}"] if sheet[COMPARTMENT].nunique() > 1 else [])]
    asks += [f"{{by: {TIMEPOINT}}}"] if len(later) > 1 else []
    asks += [f"{{by: {SEX}}}"] if SEX in sheet else []
    roles = [role for role in (PATIENT, TIMEPOINT, SEX, COMPARTMENT) if role in sheet]
    lines = [
        "# Drafted from the labels of the cells; every key is explained in config/README.md.",
        "study:",
        f"  name: {_name(folder)}",
        f"  matrix: {_quoted((folder / COUNTS).as_posix())}",
        f"  samples: {_quoted((folder / SHEET).as_posix())}",
        "  scale: counts",
        f"  columns: {{{', '.join(f'{role}: {role}' for role in roles)}}}",
        f"  timepoints: {_timepoints(before, later)}{_doubt(sure=sure, later=later)}",
        f"  missing_pairs: {'drop' if (visits < len(labels)).any() else 'error'}",
        "",
        "questions:",
        *(_question(text, sheet, Timepoints(before, later[0], tuple(later[1:]))) for text in asks),
        "",
        "annotation:",
        *(f"  {key}: {path if Path(path).is_file() else _quoted('')}" for key, path in TABLES.items()),
    ]
    return "\n".join(lines) + "\n"


def _name(folder: Path) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]", "_", folder.resolve().name).lstrip("._-")
    return name if SAFE_ID.fullmatch(name) else "atlas"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _timepoints(before: str, later: list[str]) -> str:
    after = f"[{', '.join(map(_quoted, later))}]" if len(later) > 1 else _quoted(later[0])
    return f"{{before: {_quoted(before)}, after: {after}}}"


def _doubt(*, sure: bool, later: list[str]) -> str:
    if sure and len(later) == 1:
        return ""
    return "  # CHECK: assumed from the names" if sure else "  # CHECK: no name says which is first"


def _question(text: str, sheet: pd.DataFrame, timepoints: Timepoints) -> str:
    column = text.strip("{}").removeprefix("by: ")
    ask = Ask() if text == "response" else Ask(column)
    try:
        plan(sheet, timepoints, [ask])
    except DesignError as error:
        reason = error.problems[0]
        return f"  # - {text}  not answerable: {reason.found}; it needs {reason.expected}"
    return f"  - {text}"
