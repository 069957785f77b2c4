"""Reading and writing: matrices, sample sheets, gene sets, studies, result tables and figures."""

from dermshift.io.atomic import sha256
from dermshift.io.examine import Examined, blessed, examine, load_study
from dermshift.io.figure_files import write_figure
from dermshift.io.gene_files import read_genes, read_gmt, read_sex_genes
from dermshift.io.json_files import read_json, write_json
from dermshift.io.matrix import Reader
from dermshift.io.readers import READERS, inputs_of
from dermshift.io.study_file import hold_study, read_study, write_study
from dermshift.io.table_files import hold_table, read_table, write_table

__all__ = [
    "READERS",
    "Examined",
    "Reader",
    "blessed",
    "examine",
    "hold_study",
    "hold_table",
    "inputs_of",
    "load_study",
    "read_genes",
    "read_gmt",
    "read_json",
    "read_sex_genes",
    "read_study",
    "read_table",
    "sha256",
    "write_figure",
    "write_json",
    "write_study",
    "write_table",
]
