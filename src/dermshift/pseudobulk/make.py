"""From an atlas to the sums of one part of it, and everything that is recorded of them."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift.errors import DermshiftError
from dermshift.io.atomic import sha256
from dermshift.io.decode import need_file, refuse
from dermshift.io.json_files import plain
from dermshift.pseudobulk.cells_table import CellsTable
from dermshift.pseudobulk.evidence import choose
from dermshift.pseudobulk.groups import make_groups
from dermshift.pseudobulk.h5ad import open_anndata
from dermshift.pseudobulk.labels import open_columns, read_labels
from dermshift.pseudobulk.mtx import is_mtx, open_mtx
from dermshift.pseudobulk.part import Part, digest, profile_of
from dermshift.pseudobulk.safe import RULE
from dermshift.pseudobulk.store import opened, reading
from dermshift.pseudobulk.stream import add_up
from dermshift.pseudobulk.tenx import is_tenx, open_tenx

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dermshift.pseudobulk.asked import Asked
    from dermshift.pseudobulk.atlas import Atlas, Candidate
    from dermshift.pseudobulk.evidence import Seen
    from dermshift.pseudobulk.genes import Genes
    from dermshift.pseudobulk.groups import Groups

MOST_CELLS = 2**31 - 1
WHOLE = "an atlas whose parts can all be read"


@contextmanager
def open_atlas(path: str) -> Iterator[Atlas]:
    """Open an atlas of any known format, told by its content.

    Raises
    ------
    FormatError
        None of them, or damaged.
    """
    if not Path(path).is_dir():
        need_file(path)
    if is_mtx(path):
        yield open_mtx(path)
        return
    with opened(path) as root:
        # Damage shows wherever the file is touched, a name or an attribute included.
        with reading(path, WHOLE):
            atlas = open_tenx(root, path) if is_tenx(root) else open_anndata(root, path)
        yield atlas


def make_part(path: str, asked: Asked) -> Part:
    """Return the sums of the cells `asked` names.

    Raises
    ------
    DermshiftError
        Whatever is wrong with the atlas, its labels or its counts; nothing is written.
    """
    with open_atlas(path) as atlas, ThreadPoolExecutor(1) as pool:
        if not 0 < atlas.n_cells <= MOST_CELLS:
            raise refuse(path, f"{atlas.n_cells} cells", f"1 to {MOST_CELLS} cells", "Check the atlas.")
        (candidate, seen, genes), (groups, absent) = _chosen(atlas, asked)
        # On another core, while the values are added up.
        checksum = pool.submit(_source, atlas, asked.cells)
        summed = add_up(atlas, candidate, genes, groups.group, len(groups.rows), asked.stretch(atlas.n_cells))
        start, stop = asked.stretch(atlas.n_cells)
        profile = profile_of(groups.group[start:stop], summed.found)
        source = checksum.result()
        record = _record(atlas, asked, source, (candidate, seen, genes), groups) | {"cells_not_in_table": absent}
    kept = [place for place, keep in enumerate(genes.keep) if keep]
    ids = tuple(genes.ids[place] for place in kept)
    names = None if genes.names is None else tuple(genes.names[place] for place in kept)
    record["genes"] |= {"sha256": digest(ids, names)}
    return Part(plain(record), ((asked.part,), asked.parts), summed.sums, profile, ids, names)


def _chosen(atlas: Atlas, asked: Asked) -> tuple[tuple[Candidate, list[Seen], Genes], tuple[Groups, int]]:
    """Return counts and labels, or refuse what is wrong with either at once."""
    errors: list[DermshiftError] = []
    counts = labels = None
    try:
        with reading(atlas.path, WHOLE):
            candidate, seen = choose(atlas, asked.counts)
            counts = candidate, seen, candidate.genes()
    except DermshiftError as error:
        errors.append(error)
    try:
        with reading(atlas.path, WHOLE):
            labels = _groups(atlas, asked)
    except DermshiftError as error:
        errors.append(error)
    if counts is None or labels is None:
        raise type(errors[0])(*(problem for error in errors for problem in error.problems))
    return counts, labels


def _groups(atlas: Atlas, asked: Asked) -> tuple[Groups, int]:
    table = CellsTable(asked.cells, atlas, list(asked.used.values())) if asked.cells else None
    where, names = (asked.cells, table.names) if table else (atlas.path, atlas.columns)
    columns = open_columns(where, asked.used, names, table.column if table else atlas.column)
    labels = read_labels(atlas, asked.used, columns)
    return make_groups(labels, asked.used, where, asked.min_cells), table.absent if table else 0


def _source(atlas: Atlas, cells: str) -> dict[str, Any]:
    files = atlas.files or _files(atlas.path)
    size = sum(Path(name).stat().st_size for name in files)
    found = {"name": Path(atlas.path).resolve().name, "bytes": size, "sha256": checksum_of(atlas.path, files)}
    return found | ({"cells": {"name": Path(cells).name, "sha256": sha256(cells)}} if cells else {})


def _files(path: str) -> Sequence[str]:
    folder = Path(path)
    return sorted(str(name) for name in folder.rglob("*") if name.is_file()) if folder.is_dir() else (path,)


def checksum_of(path: str, files: Sequence[str]) -> str:
    """Return the SHA-256 of a file; of a folder, that of the lines ``sha256  name`` of its files, sorted by name."""
    if not Path(path).is_dir():
        return sha256(path)
    lines = [f"{sha256(name)}  {Path(name).relative_to(path).as_posix()}\n" for name in sorted(files)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _record(
    atlas: Atlas, asked: Asked, source: dict[str, Any], counts: tuple[Candidate, list[Seen], Genes], groups: Groups
) -> dict[str, Any]:
    candidate, seen, genes = counts
    return {
        "source": source | {"format": atlas.format},
        "counts": {"asked": asked.counts, "chosen": candidate.name, "evidence": [one.record() for one in seen]},
        "settings": asked.record(),
        "genes": {"summed": int(genes.keep.sum()), "other_features": int((~genes.keep).sum())},
        "cells": {
            "in_atlas": atlas.n_cells,
            "in_pseudobulks": sum(row["n_cells"] for row in groups.rows),
        },
        "cell_types": {row["compartment"]: row["cell_type"] for row in groups.rows},
        "cell_type_rule": RULE,
        "columns": list(groups.rows[0]),
        "samples": groups.rows,
        "dropped": groups.dropped,
        "versions": {name: version(name) for name in ("dermshift", "h5py", "numpy", "zarr")},
    }
