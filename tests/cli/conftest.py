"""A study of a few genes in a folder of its own, and the command line in this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest

from dermshift.cli import main

if TYPE_CHECKING:
    from pathlib import Path

PATIENTS = ("P1", "P2", "P3", "P4")
GENES = 60


@dataclass
class Trial:
    """Change `config`, `sheet` or `matrix`, then write."""

    folder: Path
    config: dict[str, str] = field(default_factory=dict)
    sheet: list[list[str]] = field(default_factory=list)
    matrix: list[list[str]] = field(default_factory=list)

    def write(self) -> str:
        lines = [f"  {key}: {value}" for key, value in self.config.items() if not key.startswith("top.")]
        lines = ["study:", *lines, "annotation: {genes: '', sex_genes: ''}"]
        lines += [f"{key[4:]}: {value}" for key, value in self.config.items() if key.startswith("top.")]
        (self.folder / "config.yaml").write_text("\n".join(lines) + "\n")
        for name, rows in (("samples.tsv", self.sheet), ("counts.tsv", self.matrix)):
            (self.folder / name).write_text("".join("\t".join(row) + "\n" for row in rows))
        return "config.yaml"

    def files(self) -> set[str]:
        return {path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*")}


@pytest.fixture
def trial(tmp_path, monkeypatch) -> Trial:
    monkeypatch.chdir(tmp_path)
    samples = [f"{patient}_{time}" for patient in PATIENTS for time in ("before", "after")]
    sheet = [["sample", "patient", "timepoint", "sex"]]
    sheet += [[name, *name.split("_"), "female" if name[1] in "12" else "male"] for name in samples]
    counts = np.random.default_rng(0).poisson(200, (GENES, len(samples)))
    matrix = [["gene_id", *samples]] + [[f"GENE{i}", *map(str, row)] for i, row in enumerate(counts)]
    config = {
        "name": "trial",
        "matrix": "counts.tsv",
        "samples": "samples.tsv",
        "scale": "counts",
        "columns": "{patient: patient, timepoint: timepoint}",
        "timepoints": "{before: before, after: after}",
    }
    return Trial(tmp_path, config, sheet, matrix)


@pytest.fixture
def command(monkeypatch, capsys):
    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dermshift", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run
