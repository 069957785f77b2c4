"""What a notebook needs: the tables, sentences and figures of the report, and the check of one's own study."""

from dermshift.notebook.folder import open_study
from dermshift.notebook.own import check, sheet_columns
from dermshift.notebook.results import Results
from dermshift.notebook.shown import Lines, Pictures, Shown, Table

__all__ = ["Lines", "Pictures", "Results", "Shown", "Table", "check", "open_study", "sheet_columns"]
