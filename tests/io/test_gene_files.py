from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dermshift.errors import FormatError
from dermshift.genes import GeneName
from dermshift.io import read_genes, read_gmt, read_sex_genes

if TYPE_CHECKING:
    from pathlib import Path


def _file(folder: Path, text: str, name: str = "x.gmt") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_gene_sets_are_read_with_blanks_collapsed(tmp_path: Path) -> None:
    path = _file(tmp_path, "Cell  death \tfrom a book\tB\tA\tB\t\t\n\nOther\t\tC\n", "my.sets.gmt")
    first, second = read_gmt(path)
    assert (first.name, first.collection, first.description, first.symbols) == (
        "Cell death",
        "my.sets",
        "from a book",
        ("B", "A"),
    )
    assert second.symbols == ("C",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A\td\tx\nB\td\nA\td\ty\n", ["line 2", "no symbols", "line 3", "set 'A' again"]),
        ("A\td\tx\n \td\ty\n", ["line 2", "no name"]),
        ("no tabs at all\n", ["line 1"]),
        ("", ["no gene sets"]),
    ],
)
def test_malformed_lines_are_named(tmp_path: Path, text: str, words: list[str]) -> None:
    with pytest.raises(FormatError) as caught:
        read_gmt(_file(tmp_path, text))
    assert all(word in str(caught.value) for word in words)


def test_known_genes_are_read(tmp_path: Path) -> None:
    header = "gene_symbol\tensembl_id\tprevious_symbols\taliases\tsource\n"
    registry = read_genes(_file(tmp_path, f"{header}LCN2\tENSG1\t\tNGAL;24p3\tHGNC\n", "genes.tsv"))
    assert registry.names == (GeneName("LCN2", "ENSG1", (), ("NGAL", "24p3")),)
    assert read_genes("").names == ()


def test_a_gene_table_without_its_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no column ensembl_id, previous_symbols, aliases"):
        read_genes(_file(tmp_path, "gene_symbol\tx\nA\tB\n"))


def test_sex_genes_are_read_with_missing_limits(tmp_path: Path) -> None:
    header = "gene_symbol\tensembl_id\tsex\thigh_cpm\tlow_cpm\tsource\n"
    frame = read_sex_genes(str(_file(tmp_path, f"{header}XIST\tE\tfemale\t10\t2\ts\nUTY\tF\tmale\tNA\t\ts\n")))
    assert frame["high_cpm"].tolist()[0] == 10
    assert frame[["high_cpm", "low_cpm"]].isna().to_numpy().tolist() == [[False, False], [True, True]]
    for row in ("X\tE\tboth\t1\t1\ts\n", "X\tE\tmale\tmuch\t1\ts\n"):
        with pytest.raises(FormatError):
            read_sex_genes(str(_file(tmp_path, header + row)))


def test_the_tables_of_the_project_are_readable(root: Path) -> None:
    assert {"female", "male"} == set(read_sex_genes(str(root / "data" / "sex_genes.tsv"))["sex"])
    assert read_genes(root / "data" / "genes.tsv").approved("NGAL")
    assert all(read_gmt(path) for path in (root / "data" / "gene_sets").glob("*.gmt"))
