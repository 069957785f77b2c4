from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from dermshift.cli.test import flagged
from dermshift.io import read_study, read_table
from dermshift.io.probe_sets import PROBE_COLUMNS

FLAGS = [
    "--out=out", "--name=trial", "--matrix=counts.tsv", "--samples=samples.tsv", "--before=before", "--after=after",
    "--scale=log2", "--ask=response", "--column=patient=patient", "--column=timepoint=timepoint",
]  # fmt: skip


def arrays(trial) -> None:
    """Make probe sets of the genes: two per gene, the second of each higher."""
    rng = np.random.default_rng(1)
    names = [f"{gene}{kind}" for gene in range(30) for kind in ("_at", "_x_at")]
    values = rng.normal(7, 0.5, (60, 8)) + np.tile([0, 4], 30)[:, None]
    trial.matrix[1:] = [[name, *map(str, row)] for name, row in zip(names, values, strict=True)]
    trial.write()
    rows = "".join(f"{name}\tGENE{name.split('_')[0]}\n" for name in names)
    (trial.folder / "GPL1.tsv").write_text("ID\tsymbol\n" + rows)


def test_probe_sets_are_written_where_an_annotation_is_named(trial, command) -> None:
    arrays(trial)
    assert command("load", *FLAGS, "--probes=GPL1.tsv")[0] == 0
    table = read_table(trial.folder / "out" / "probes.tsv", PROBE_COLUMNS)
    assert table.groupby("suffix_class")["role"].unique().map(list).to_dict() == {
        "may_cross_hybridise": ["chosen"],
        "unique": ["other probe set of the gene"],
    }
    study = read_study(trial.folder / "out" / "study.h5ad")
    assert (study.genes["set_aside"] == "").sum() == 30
    checks = json.loads((trial.folder / "out" / "checks.json").read_text())
    assert "probe_sets" in [check["check"] for check in checks]


def test_the_rule_is_a_choice(trial, command) -> None:
    arrays(trial)
    assert command("load", *FLAGS, "--probes=GPL1.tsv", "--probe-rule=every")[0] == 0
    assert (read_study(trial.folder / "out" / "study.h5ad").genes["set_aside"] == "").all()


def test_the_table_of_an_earlier_run_does_not_stay(trial, command) -> None:
    arrays(trial)
    assert command("load", *FLAGS, "--probes=GPL1.tsv")[0] == 0
    assert command("load", *FLAGS)[0] == 0
    assert not (trial.folder / "out" / "probes.tsv").exists()
    assert "set_aside" not in read_study(trial.folder / "out" / "study.h5ad").genes


def test_a_wrong_annotation_does_not_make_genes_absent(trial, command) -> None:
    arrays(trial)
    trial.config |= {"scale": "log2", "top.genes": "{mediator: GENE1}"}
    (trial.folder / "GPL2.tsv").write_text("ID\tsymbol\nX_at\tGENE1\n")
    config = Path(trial.write())
    config.write_text(config.read_text().replace("annotation: {", "annotation: {probes: GPL2.tsv, "))
    code, _, err = command("check", str(config))
    assert code == 2
    assert "0% of the 60 probe sets" in err
    assert "genes: mediator" not in err


def test_symbols_without_an_annotation_are_asked_for(trial, command) -> None:
    arrays(trial)
    trial.config |= {"scale": "log2", "top.genes": "{mediator: GENE1}"}
    code, _, err = command("check", trial.write())
    assert code == 2
    assert "Name its probe sets under annotation: probes" in err


def test_two_names_of_one_row_keep_both_roles() -> None:
    rows = pd.DataFrame({"gene_symbol": ["LCN2 /// FAKE", "KRT5"]}, index=pd.Index(["1_at", "2_at"], name="gene_id"))
    assert flagged(rows, ["LCN2=mediator", "KRT5=marker", "FAKE=other"], "") == {
        "1_at": "mediator, other",
        "2_at": "marker",
    }
