from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from dermshift.errors import FormatError
from dermshift.io.probes import read_annotation

if TYPE_CHECKING:
    from pathlib import Path

ANNOT = """\
^Annotation
!Annotation_date = Mar 22 2016
!Annotation_platform = GPL571
#ID = ID from Platform data table
!platform_table_begin
ID\tGene title\tGene symbol\tGene ID
1007_s_at\ta 5" title\tMIR4640///DDR1\t1///2
212531_at\tlipocalin 2\tLCN2\t3
x_at\t\t
y_at
!platform_table_end
"""
SYMBOLS = {"1007_s_at": ("MIR4640", "DDR1"), "212531_at": ("LCN2",), "x_at": (), "y_at": ()}


def written(folder: Path, text: str, name: str = "a.annot") -> str:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return str(path)


@pytest.mark.parametrize("name", ["a.annot", "a.annot.gz"])
def test_the_annotation_of_geo(tmp_path: Path, name: str) -> None:
    found = read_annotation(written(tmp_path, ANNOT, name))
    assert found.symbols == SYMBOLS
    assert found.platform == "GPL571"
    assert found.header == "ID"


def test_a_family_file_holds_the_table_between_its_marks(tmp_path: Path) -> None:
    start = "^DATABASE = GeoMiame\n^PLATFORM = GPL571\n!Platform_title = x\n#ID = \n!platform_table_begin\n"
    rows = "ID\tSpecies Scientific Name\tGene Symbol\n1_at\tHomo sapiens\tA /// B\n2_at\tHomo sapiens\t---\n"
    text = f"{start}{rows}!platform_table_end\n^SAMPLE = GSM1\n!sample_table_begin\nID_REF\tVALUE\n1_at\t3\n"
    found = read_annotation(written(tmp_path, text))
    assert found.symbols == {"1_at": ("A", "B"), "2_at": ()}
    assert found.platform == "GPL571"


def test_a_platform_table_without_marks(tmp_path: Path) -> None:
    found = read_annotation(written(tmp_path, "#ID = x\nID\tGB_ACC\tGene Symbol\n1_at\tU1\tA\n", "GPL96-57554.txt"))
    assert found.symbols == {"1_at": ("A",)}
    assert found.platform == "GPL96"


@pytest.mark.parametrize(
    "text",
    [
        "probe_id\tsymbol\n1_at\tA\n2_at\tB /// C\n",
        "affy,hgnc\n1_at,A\n2_at,B///C\n",
        "symbol;probe\nA;1_at\nB ///C;2_at\n",
        "probe\tgene_symbol\tother\n1_at\tA\tx\n2_at\tB\ty\n2_at\tC\tz\n2_at\tB\tz\n",
    ],
)
def test_a_table_of_two_columns_or_one_line_per_gene(tmp_path: Path, text: str) -> None:
    found = read_annotation(written(tmp_path, text, "map.txt"))
    assert found.symbols == {"1_at": ("A",), "2_at": ("B", "C")}
    assert found.platform == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (ANNOT.replace("!platform_table_end\n", ""), "the file is cut off"),
        (ANNOT + ANNOT, "2 platform tables"),
        (ANNOT.replace("LCN2\t3", "LCN2\t3\t4"), "line 8\n  found:    5 fields"),
        (ANNOT.replace("Gene symbol", "Gene name of old"), "columns: ID, Gene title, Gene name of old, Gene ID"),
        ("^Annotation\n!x = y\n", "no platform table"),
        ("#ID = x\nID\tGene symbol\n", "no probe sets"),
        ("a\tb\tc\n1\t2\t3\n", "no column of gene symbols"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(FormatError) as caught:
        read_annotation(written(tmp_path, text))
    assert words in str(caught.value)
