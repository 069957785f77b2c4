"""A whole run of a study whose every free name is hostile, in this process."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = (
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", '"><img src=x onerror=alert(1)>', "$x^2$", r"$\frac{a}{b$",
    "a&b", "../../etc", "a\u2028b\u0085c", "\u202etxt.exe", "x" * 300, "{{7*7}}", "{% raw %}", "%s%n", "`id`",
    "$(touch pwned)", "a;touch pwned", "-1+1", "@SUM(1)", "'; DROP TABLE", "]]><!-- --", "javascript:alert(1)",
    "C:\\x", "..", "*", "\U0001f9ec", "007", "1E5", "TRUE", " ", "&lt;b&gt;",
)  # fmt: skip
SYMBOLS = tuple(name for name in NAMES if name.strip())
CONFIGURED = (NAMES[0], NAMES[1], NAMES[2], NAMES[3], "x" * 300)
MATRIX, SHEET, SETS = "counts;$(touch pwned) &'.tsv", "<b>sheet</b>.tsv".replace("/", "_"), "<i>a&b;$(touch pwned)'.gmt"
COLUMN, CELL = "<img src=x onerror=alert(1)>", "=HYPERLINK(1)"
PATIENTS = tuple(f"P{number}" for number in range(1, 9))


@dataclass(frozen=True)
class Run:
    """Folder of the user, folder of the results."""

    folder: Path
    out: Path


def tsv(rows: list[list[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter="\t", lineterminator="\n").writerows(rows)
    return text.getvalue()


def write_inputs(folder: Path) -> None:
    samples = [f"{patient}_{time}" for patient in PATIENTS for time in ("before", "after")]
    sheet = [["sample", "patient", "timepoint", "sex", COLUMN]]
    sheet += [[name, *name.split("_"), "female" if name[1] in "1234" else "male", CELL] for name in samples]
    symbols = [*SYMBOLS, *(f"GENE{number}" for number in range(120))]
    rng = np.random.default_rng(4)
    rows = [["gene_id", "gene_name", *samples]]
    for number, symbol in enumerate(symbols):
        level = rng.lognormal(5, 1) * rng.lognormal(0, 0.3, 16) * np.tile([1.0, 3.0 if number < 20 else 1.0], 8)
        identifier = f"{symbol}|id" if number % 2 else f"ID{number}"
        rows.append([identifier, symbol, *map(str, rng.poisson(level))])
    (folder / MATRIX).write_text(tsv(rows), encoding="utf-8")
    (folder / SHEET).write_text(tsv(sheet), encoding="utf-8")
    members = [[name, name, *(symbols[start : start + 12])] for start, name in enumerate(SYMBOLS)]
    (folder / SETS).write_text("".join("\t".join(line) + "\n" for line in members), encoding="utf-8")


def config() -> dict[str, object]:
    columns = {"patient": "patient", "timepoint": "timepoint", "sex": "sex"}
    return {
        "study": {"name": "hostile", "matrix": MATRIX, "samples": SHEET, "columns": columns, "scale": "counts",
                  "timepoints": {"before": "before", "after": "after"}},
        "questions": ["response"],
        "genes": {f"role{number}": name for number, name in enumerate(CONFIGURED)},
        "gene_sets": [SETS],
        "declared": [SETS.removesuffix(".gmt")],
        "evidence": {"top": 3, "scores": [SYMBOLS[0], SYMBOLS[3]], "association": SYMBOLS[2]},
        "annotation": {"genes": "", "sex_genes": "", "regimens": ""},
        "analysis": {"permutations": 100},
    }  # fmt: skip


@pytest.fixture(scope="session")
def hostile_run(
    tmp_path_factory: pytest.TempPathFactory, whole_run: Callable[[Path], Path], quick_pictures: Callable[..., None]
) -> Run:
    folder = tmp_path_factory.mktemp("hostile") / "inner"
    folder.mkdir()
    write_inputs(folder)
    (folder / "config.yaml").write_text(json.dumps(config()), encoding="utf-8")
    with pytest.MonkeyPatch.context() as context:
        quick_pictures(context)
        return Run(folder, whole_run(folder))


@pytest.fixture(scope="session")
def hostile_names() -> tuple[str, ...]:
    return SYMBOLS


@pytest.fixture(scope="session")
def hostile_configured() -> tuple[str, ...]:
    return CONFIGURED


@pytest.fixture(scope="session")
def hostile_column() -> tuple[str, str]:
    return COLUMN, CELL
