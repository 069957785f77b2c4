"""Each format from a configuration to a checked study, which is that of the same counts in plain text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from dermshift.config import read_config
from dermshift.io import inputs_of, load_study


def rows(trial, decimals: float = 0.0) -> pd.DataFrame:
    """Genes x samples of the trial."""
    header, *rest = trial.matrix
    names = [row[0] for row in rest]
    return pd.DataFrame([[float(x) for x in row[1:]] for row in rest], index=names, columns=header[1:]) + decimals


def in_folder(trial, name: str, text) -> None:
    trial.config["matrix"] = "files"
    for sample, column in rows(trial).items():
        path = Path("files") / name.format(sample)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"{line}\n" for line in text(column)))


def salmon(trial) -> None:
    # One transcript of one length per gene: scaling by length then changes nothing.
    def text(column):
        yield "Name\tLength\tEffectiveLength\tTPM\tNumReads"
        for gene, reads in column.items():
            yield f"T{gene}.1\t1000\t800\t{float(reads / column.sum() * 1e6)!r}\t{reads}"

    in_folder(trial, "{}/quant.sf", text)
    _map(trial)


def kallisto(trial) -> None:
    def text(column):
        yield "target_id\tlength\teff_length\test_counts\ttpm"
        for gene, reads in column.items():
            yield f"T{gene}.1\t1000\t800\t{reads}\t{float(reads / column.sum() * 1e6)!r}"

    in_folder(trial, "{}/abundance.tsv", text)
    _map(trial)


def _map(trial) -> None:
    Path("tx2gene.tsv").write_text("".join(f"T{gene}\t{gene}\n" for gene in ("x", *rows(trial).index)))
    trial.config["transcripts"] = "tx2gene.tsv"


def star(trial) -> None:
    def text(column):
        yield from (f"N_{name}\t9\t9\t9" for name in ("unmapped", "multimapping", "noFeature", "ambiguous"))
        yield from (f"{gene}\t{int(reads) + 3}\t3\t{int(reads)}" for gene, reads in column.items())

    in_folder(trial, "{}_ReadsPerGene.out.tab", text)


def star_stated(trial) -> None:
    star(trial)
    trial.config["strand"] = "reverse"


def htseq(trial) -> None:
    def text(column):
        yield from (f"{gene}\t{int(reads)}" for gene, reads in column.items())
        yield "__no_feature\t9"

    in_folder(trial, "{}.txt", text)


def named_in_the_sheet(trial) -> None:
    in_folder(trial, "{}.dat", lambda column: [f"{gene},{int(reads)}" for gene, reads in column.items()])
    for number, row in enumerate(trial.sheet):
        row.append("counted" if number == 0 else f"{number}.dat")
        if number:
            Path(f"files/{row[0]}.dat").rename(f"files/{number}.dat")
    trial.config["columns"] = "{patient: patient, timepoint: timepoint, file: counted}"


def featurecounts(trial) -> None:
    frame = rows(trial).astype(int)
    frame.columns = [f"bam/{name}.sorted.bam" for name in frame.columns]
    for place, name in enumerate(("Chr", "Start", "End", "Strand", "Length")):
        frame.insert(place, name, 1)
    Path("fc.txt").write_text("# Program:featureCounts v2\n" + frame.to_csv(sep="\t", index_label="Geneid"))
    trial.config["matrix"] = "fc.txt"


def nfcore(trial) -> None:
    frame = rows(trial, 0.3)
    frame.insert(0, "gene_name", frame.index)
    Path("out/star_salmon").mkdir(parents=True)
    path = "out/star_salmon/salmon.merged.gene_counts_length_scaled.tsv"
    frame.to_csv(path, sep="\t", index_label="gene_id")
    trial.config["matrix"] = "out"


def excel(trial) -> None:
    book = openpyxl.Workbook()
    book.active.append(["notes"])
    for title, table in (("Counts", trial.matrix), ("Samples", trial.sheet)):
        sheet = book.create_sheet(title)
        for row in table:
            sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    book.save("study.xlsx")
    trial.config |= {"matrix": "study.xlsx#Counts", "samples": "study.xlsx#Samples"}


def parquet(trial) -> None:
    rows(trial).astype(int).rename_axis("gene_id").to_parquet("counts.parquet")
    trial.config["matrix"] = "counts.parquet"


FAMILIES = [
    salmon,
    kallisto,
    star,
    star_stated,
    htseq,
    named_in_the_sheet,
    featurecounts,
    nfcore,
    excel,
    parquet,
]


def written(trial) -> str:
    """Write the trial with the keys of the annotation where they belong."""
    transcripts = trial.config.pop("transcripts", "")
    trial.config["scale"] = "auto"
    config = trial.write()
    text = Path(config).read_text()
    Path(config).write_text(text.replace("{genes: ''", f"{{transcripts: '{transcripts}', genes: ''"))
    return config


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
def test_the_study_is_that_of_the_plain_text(trial, command, family) -> None:
    trial.config["scale"] = "counts"
    plain, _ = load_study(read_config(trial.write()).spec, frozenset())
    family(trial)
    config = written(trial)
    code, out, err = command("check", config)
    assert (code, err) == (0, "")
    assert "1 question can be answered" in out
    spec = read_config(config).spec
    study, _ = load_study(spec, frozenset())
    np.testing.assert_array_equal(study.values, plain.values)
    pd.testing.assert_frame_equal(study.sheet[plain.sheet.columns], plain.sheet)
    pd.testing.assert_frame_equal(study.genes, plain.genes)
    read = sorted(source.path for source in study.sources if source.role == "matrix")
    assert read == inputs_of(spec.matrix)


def test_a_missing_and_a_surplus_file_are_both_named(trial, command) -> None:
    htseq(trial)
    Path("files/P1_before.txt").rename("files/other.txt")
    code, _, err = command("check", written(trial))
    assert code == 2
    assert "1 sample of the sheet not in the matrix: P1_before" in err
    assert "1 sample of the matrix not in the sheet: other" in err


def test_a_brace_in_the_name_of_a_file_of_the_folder_is_refused(trial, command) -> None:
    htseq(trial)
    Path("files/P1_before.txt").rename("files/P1_before_{x}.txt")
    code, _, err = command("check", written(trial))
    assert code == 2
    assert "path 'files/P1_before_{x}.txt'\n  found:    a brace" in err


def test_snakemake_is_told_of_every_file(trial) -> None:
    from dermshift.workflow.settings import inputs

    salmon(trial)
    files = inputs(read_config(written(trial)))["load"]
    assert [name for name in files if name.startswith("files/")] == sorted(
        f"files/{row[0]}/quant.sf" for row in trial.sheet[1:]
    )
    assert "tx2gene.tsv" in files
    excel(trial)
    assert inputs(read_config(written(trial)))["load"][:2] == ["study.xlsx", "study.xlsx"]
