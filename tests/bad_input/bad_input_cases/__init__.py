"""Every way an input can be wrong that is tested by its exact message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bad_input_cases.anndata_files import ANNDATA
from bad_input_cases.configs import CONFIGS
from bad_input_cases.designs import DESIGNS
from bad_input_cases.doses import DOSES
from bad_input_cases.files import FILES
from bad_input_cases.formats import FORMATS
from bad_input_cases.genes import GENES
from bad_input_cases.layout import LAYOUT
from bad_input_cases.samples import SAMPLES
from bad_input_cases.sheets import SHEETS
from bad_input_cases.values import VALUES

if TYPE_CHECKING:
    from bad_input_cases.case import Case

GROUPS: dict[str, list[Case]] = {
    "Files": FILES,
    "Folders, workbooks and Parquet": FORMATS,
    "Layout of a table": LAYOUT,
    "Values": VALUES,
    "Genes": GENES,
    "Names of samples": SAMPLES,
    "Sample sheet": SHEETS,
    "Doses": DOSES,
    "Questions": DESIGNS,
    "AnnData": ANNDATA,
    "Configuration and gene sets": CONFIGS,
}
CASES = [case for group in GROUPS.values() for case in group]
