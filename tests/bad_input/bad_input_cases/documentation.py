"""The table of docs/bad_input.md, from the cases and their messages."""

from __future__ import annotations

from pathlib import Path

from bad_input_cases import GROUPS
from bad_input_cases.accepted import ACCEPTED, CHANGED

MESSAGES = Path(__file__).parents[1] / "messages"
PAGE = Path(__file__).parents[3] / "docs" / "bad_input.md"
LONGEST = 260
START = """\
# What dermshift says to a wrong input

Every row is a test: the command `dermshift check` (and `dermshift load`) is run on a small study with this one fault,
the message is compared word for word, the exit code is 2, and no file is written or changed. Where an input has
several faults, all of them are listed at once; of one kind the first ten, and how many more there are. The column
*dermshift says* shows what the first of them found, with `...` where it is shortened; *what to do* is the advice the
message ends with. This page is written from the tests (`DERMSHIFT_WRITE_MESSAGES=1 pytest tests/bad_input`).

Two limits hold for every text file: 4 GiB once it is unpacked, and 500 times its packed size. Files that could run code
(pickles) are never opened.

Names from users: samples, patients, timepoints and the labels of questions must be letters, digits, `.`, `_` and `-`,
because they become parts of file names. Genes, gene sets, file names and other columns of the sheet may hold anything:
they are escaped in HTML and SVG, made safe in file names, and written to CSV, TSV and JSON exactly as they are.
**A table is data for a program**: a gene called `=1+1` stays `=1+1` in it, and a spreadsheet that opens it would read a
formula. Import such files as text (in Excel: Data, From Text/CSV, no data type detection); this also keeps genes such
as MARCHF1 from becoming dates.
"""


def page() -> str:
    """Return the whole page."""
    parts = [START]
    for group, cases in GROUPS.items():
        rows = [f"| {plain(case.words)} | {shown(case.name)} |" for case in cases]
        parts.append(
            "\n".join([f"## {group}\n", "| input | dermshift says | what to do |", "|---|---|---|", *rows, ""])
        )
    fine = [f"- {case.words}" for case in (*ACCEPTED, *CHANGED)]
    parts.append("\n".join(["## Odd, and read as it is meant\n", "No error:\n", *fine, ""]))
    return "\n".join(parts)


def shown(name: str) -> str:
    """Return what the first problem of a message found and the action it ends with, as two cells."""
    lines = (MESSAGES / f"{name}.txt").read_text().splitlines()
    found, action = (next(line for line in lines if line.startswith(f"  {key}"))[12:] for key in ("found:", "do:"))
    more = int(lines[0].split()[1]) - 1
    short = found if len(found) <= LONGEST else f"{found[: LONGEST - 4].rstrip()} ..."
    rest = f" (and {more} more)" if more else ""
    return f"{plain(short)}{rest} | {plain(action)}"


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    for sign in "\\`*_<>|[]":
        text = text.replace(sign, f"\\{sign}")
    return text
