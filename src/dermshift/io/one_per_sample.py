"""Files of one sample each become one matrix."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dermshift.checks.finding import Finding, capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.decode import refuse
from dermshift.io.kinds import Kind, files_of
from dermshift.io.named_files import Assigned, assign, named_files
from dermshift.io.progress import watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy.typing as npt

    from dermshift.io.matrix import Hints

    Row = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """What the file of one sample holds.

    Parameters
    ----------
    names
        Names of the rows.
    values
        Rows x columns, float64.
    """

    path: str
    names: tuple[str, ...]
    values: npt.NDArray[np.float64]


def find(folder: str, kind: Kind, samples: Sequence[str], hints: Hints) -> tuple[Assigned, tuple[Finding, ...]]:
    """Return the file of each sample and what is to be said of the others.

    Raises
    ------
    FormatError
        `folder` is no folder, or as from `named_files` and `assign`.
    """
    if not Path(folder).is_dir():
        action = "Name the folder that holds the files of all samples."
        raise refuse(folder, f"a file of one sample ({kind})", "a folder with one file per sample", action)
    if not hints.files:
        assigned = assign(folder, _preferred(files_of(folder, kind)), samples)
        return assigned, (Finding("matrix_files", "note", _by_name(folder, assigned)),)
    files = named_files(folder, hints.files)
    others = sorted(set(files_of(folder, kind)) - set(files.values()))
    text = f"{len(files)} files, as the sheet names them"
    if others:
        text = f"{text}; not read: {listed(path.relative_to(folder) for path in others)}"
    return Assigned(files, {}), (Finding("matrix_files", "note", text),)


def _by_name(folder: str, assigned: Assigned) -> str:
    pairs = (f"{sample}: {path.relative_to(folder)}" for sample, path in assigned.files.items())
    return f"{len(assigned.files)} files, by their names: {listed(pairs, 3)}"


def _preferred(files: list[Path]) -> list[Path]:
    """Leave out the binary twin of a text file; kallisto writes both."""
    texts = {path.parent / path.name.removesuffix(".gz") for path in files}
    return [path for path in files if path.suffix != ".h5" or path.with_suffix(".tsv") not in texts]


def stack(
    parts: Iterable[Part], noun: str, total: int
) -> tuple[tuple[str, ...], npt.NDArray[np.float64], tuple[Finding, ...]]:
    """Return the names of the rows, samples x rows x columns, and what was done about another order of the rows.

    Parameters
    ----------
    noun
        What a row is, in the plural.
    total
        How many parts there are.

    Raises
    ------
    FormatError
        The files do not hold the same names.
    """
    # One at a time: the names of many files take more memory than their values.
    read = watched(parts, total, "reading", "files")
    first = next(read)
    names, values = first.names, [first.values]
    place = {name: position for position, name in enumerate(names)}
    problems, moved = [], []
    for part in read:
        if part.names == names:
            values.append(part.values)
        elif len(place) == len(names) == len(part.names) and set(part.names) == set(place):
            moved.append(part.path)
            order = np.argsort([place[name] for name in part.names])
            values.append(part.values[order])
        else:
            problems.append(_differs(first, part, noun))
    if problems:
        raise FormatError(*capped(problems))
    text = f"{len(moved)} files list their {noun} in another order; put in the order of {first.path}"
    return names, np.stack(values), (Finding("matrix_rows", "note", text),) if moved else ()


def _differs(first: Part, other: Part, noun: str) -> Problem:
    before, after = dict.fromkeys(first.names), dict.fromkeys(other.names)
    lacking = [name for name in before if name not in after]
    added = [name for name in after if name not in before]
    found = f"{len(lacking)} {noun} of {first.path} are missing ({listed(lacking, 5) or 'none'})"
    found = f"{found}, {len(added)} are not in it ({listed(added, 5) or 'none'})"
    if not lacking and not added:
        found = f"the same {noun} as in {first.path}, but not each the same number of times"
    action = "Count all samples with the same annotation."
    return Problem(other.path, found, f"the same {noun} in every file", action)


def shares(others: dict[str, Row], in_genes: Row) -> Finding:
    """Say which share of the reads of each sample belongs to no gene."""
    total = in_genes + sum(others.values())
    total = np.where(total > 0, total, 1)
    texts = [f"{name} {_range(reads / total)}" for name, reads in others.items()]
    return Finding("reads_without_gene", "note", f"left out, as shares of the reads of a sample: {', '.join(texts)}")


def _range(share: Row) -> str:
    low, high = f"{share.min():.1%}", f"{share.max():.1%}"
    return low if low == high else f"{low} to {high}"
