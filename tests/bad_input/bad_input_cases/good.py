"""A small study without a fault: 60 genes x 12 samples of six patients, three of either sex."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parents[1]
SEX_GENES = HERE.parents[1] / "data" / "sex_genes.tsv"
GENES = HERE / "genes.tsv"
PATIENTS = ("P1", "P2", "P3", "P4", "P5", "P6")
VISITS = ("before", "after")
FEMALE = PATIENTS[:3]
Rows = list[list[str]]


@dataclass
class Study:
    """Files of a study before they are written; a case changes them.

    Parameters
    ----------
    raw
        Name to bytes: written last, in the place of what is written otherwise.
    after
        Called with the folder once everything is written.
    """

    config: dict[str, Any]
    sheet: Rows
    matrix: Rows
    raw: dict[str, bytes] = field(default_factory=dict)
    after: Callable[[Path], None] = lambda folder: None

    def write(self, folder: Path) -> None:
        texts = {"config.yaml": json.dumps(self.config), "samples.tsv": tsv(self.sheet), "counts.tsv": tsv(self.matrix)}
        contents = {name: text.encode() for name, text in texts.items()}
        contents |= {"genes.tsv": GENES.read_bytes(), "sex_genes.tsv": SEX_GENES.read_bytes()}
        for name, content in (contents | self.raw).items():
            (folder / name).write_bytes(content)
        self.after(folder)

    def load_words(self) -> list[str]:
        """Return the command ``load`` that says what the configuration says."""
        study, annotation = self.config["study"], self.config["annotation"]
        flags = {key: study[key] for key in ("name", "matrix", "samples", "scale") if key in study}
        flags |= {"before": study["timepoints"]["before"], "after": study["timepoints"]["after"]}
        flags |= {"genes": annotation["genes"], "sex-genes": annotation["sex_genes"]}
        flags |= {"transcripts": annotation["transcripts"]} if "transcripts" in annotation else {}
        words = ["load", "--out=results/study", *(f"--{key}={value}" for key, value in flags.items())]
        words += [f"--column={role}={column}" for role, column in study["columns"].items()]
        for ask in self.config["questions"]:
            words.append(f"--ask={ask if ask == 'response' else ','.join(f'{k}={v}' for k, v in ask.items())}")
        return words

    def cells(self, column: str, change: Callable[[str], str]) -> None:
        """Change every cell of a column of the sheet."""
        place = self.sheet[0].index(column)
        for row in self.sheet[1:]:
            row[place] = change(row[place])

    def set(self, sample: str, column: str, value: str) -> None:
        """Set one cell of the sheet."""
        next(row for row in self.sheet if row[0] == sample)[self.sheet[0].index(column)] = value

    def add(self, column: str, value: Callable[[str], str]) -> None:
        """Add a column to the sheet, by the patient of each row."""
        self.sheet[0].append(column)
        for row in self.sheet[1:]:
            row.append(value(row[1]))

    def rename_sample(self, old: str, new: str) -> None:
        """Rename a sample in both files."""
        self.matrix[0] = [new if name == old else name for name in self.matrix[0]]
        for row in self.sheet:
            row[0] = new if row[0] == old else row[0]

    def value(self, gene: int, sample: str, text: str) -> None:
        """Set one field of the matrix; genes count from 1."""
        self.matrix[gene][self.matrix[0].index(sample)] = text

    def sample_values(self, sample: str, change: Callable[[str], str]) -> None:
        """Change every value of a sample."""
        place = self.matrix[0].index(sample)
        for row in self.matrix[1:]:
            row[place] = change(row[place])

    def every_value(self, change: Callable[[str], str]) -> None:
        """Change every value of the matrix."""
        for row in self.matrix[1:]:
            row[2:] = [change(cell) for cell in row[2:]]


def tsv(rows: Rows, separator: str = "\t") -> str:
    """Write rows as text."""
    return "".join(separator.join(row) + "\n" for row in rows)


def known_genes() -> Rows:
    """Return symbol and Ensembl id of the genes of the study."""
    return [line.split("\t")[:2] for line in GENES.read_text().splitlines()[1:]]


def good_study() -> Study:
    """Return the study; its questions are the response, and by sex."""
    samples = [f"{patient}_{visit}" for patient in PATIENTS for visit in VISITS]
    sheet = [["sample", "patient", "timepoint", "sex"]]
    sheet += [[name, *name.split("_"), "female" if name[:2] in FEMALE else "male"] for name in samples]
    matrix = [["gene_id", "gene_name", *samples]]
    rng = np.random.default_rng(5)
    for symbol, identifier in known_genes():
        level = rng.lognormal(6, 1)
        counts = rng.negative_binomial(10, 10 / (10 + level), len(samples))
        if symbol in ("XIST", "RPS4Y1", "DDX3Y", "KDM5D", "EIF1AY", "UTY", "USP9Y", "ZFY"):
            counts = [int(count) + 50 if (symbol == "XIST") == (name[:2] in FEMALE) else 0
                      for count, name in zip(counts, samples, strict=True)]  # fmt: skip
        matrix.append([identifier, symbol, *map(str, counts)])
    config = {
        "study": {
            "name": "study", "matrix": "counts.tsv", "samples": "samples.tsv", "scale": "counts",
            "columns": {"patient": "patient", "timepoint": "timepoint", "sex": "sex"},
            "timepoints": {"before": "before", "after": "after"},
        },
        "questions": ["response", {"by": "sex"}],
        "annotation": {"genes": "genes.tsv", "sex_genes": "sex_genes.tsv", "regimens": ""},
    }  # fmt: skip
    return Study(config, sheet, matrix)
