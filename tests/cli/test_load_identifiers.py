"""``dermshift load`` says of every identifier how it was read, and follows the rule for duplicates."""

from __future__ import annotations

from dermshift.io import read_study, read_table
from dermshift.io.identifiers import IDENTIFIER_COLUMNS

FLAGS = [
    "--out=out", "--name=trial", "--matrix=counts.tsv", "--samples=samples.tsv", "--before=before", "--after=after",
    "--ask=response", "--column=patient=patient", "--column=timepoint=timepoint",
]  # fmt: skip
HEADER = "gene_symbol\tensembl_id\tentrez_id\tprevious_symbols\taliases\n"


def named(trial) -> None:
    """Give the first genes names of several kinds, one of them twice."""
    for row, name in zip(trial.matrix[1:], ["LCN2", "NGAL2", "OLD", "shared", "NA", "LCN2"], strict=False):
        row[0] = name
    trial.write()
    rows = ["LCN2\tENSG1\t1\t\tNGAL2;shared", "NEW\tENSG2\t2\tOLD\tshared"]
    (trial.folder / "known.tsv").write_text(HEADER + "\n".join(rows) + "\n")


def test_every_identifier_has_its_row_and_none_is_left_of_an_earlier_run(trial, command) -> None:
    named(trial)
    assert command("load", *FLAGS, "--genes=known.tsv", "--duplicates=keep")[0] == 0
    table = read_table(trial.folder / "out" / "identifiers.tsv", IDENTIFIER_COLUMNS)
    assert len(table) == len(trial.matrix) - 1
    assert table["identifier"].tolist()[:6] == ["LCN2", "NGAL2", "OLD", "shared", "NA", "LCN2"]
    assert table["gene_id"].tolist()[:6] == ["LCN2", "NGAL2", "OLD", "shared", "NA", "LCN2.2"]
    assert table["reading"].tolist()[:6] == ["approved", "alias", "previous", "ambiguous", "unknown", "approved"]
    assert table["approved_symbol"].tolist()[:4] == ["LCN2", "LCN2", "NEW", "LCN2;NEW"]
    assert command("load", *FLAGS, "--duplicates=keep")[0] == 0
    assert not (trial.folder / "out" / "identifiers.tsv").exists()


def test_doubled_rows_are_refused_or_added_as_the_user_says(trial, command) -> None:
    named(trial)
    code, _, said = command("load", *FLAGS)
    assert code == 2
    assert "1 identifier more than once: LCN2" in said
    assert not (trial.folder / "out").exists()
    assert command("load", *FLAGS, "--duplicates=sum")[0] == 0
    study = read_study(trial.folder / "out" / "study.h5ad")
    assert study.adata.n_vars == len(trial.matrix) - 2
    total = [sum(float(row[place]) for row in trial.matrix[1:]) for place in range(1, len(trial.matrix[0]))]
    assert sorted(study.values.sum(axis=1)) == sorted(total)
