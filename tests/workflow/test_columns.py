from __future__ import annotations

from dermshift.names import DE_COLUMNS
from dermshift.workflow.columns import TABLES, markdown


def test_every_column_is_described():
    text = markdown()
    assert all(f"| `{column.name}` |" in text for _, columns in TABLES for column in columns)
    assert text.count("###") == len(TABLES)


def test_the_documentation_holds_these_tables(root):
    written = (root / "docs" / "output.md").read_text(encoding="utf-8")
    assert markdown() in written, "paste the output of `dermshift show columns` into docs/output.md"
    assert DE_COLUMNS[0].name in written
