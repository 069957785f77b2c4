"""What one machine found of its stretch of cells, on disk, and how such parts are added: whole numbers, exactly."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dermshift.checks.finding import capped, listed
from dermshift.errors import FormatError, Problem
from dermshift.io.atomic import replacing
from dermshift.io.decode import refuse
from dermshift.io.json_files import read_json, write_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

ARRAYS, RECORD = "part.npz", "part.json"
STRETCH = 65_536
MOST_SUMMED = 2**53
"""Beyond this a whole number is not exact in the decimals other programs read it as."""


@dataclass(frozen=True)
class Part:
    """Sums of some of the cells.

    Parameters
    ----------
    record
        What is the same for all parts of an atlas: source, choice of counts, labels, settings, genes.
    parts
        Which parts these sums hold, from 1, and of how many.
    sums
        Kept pseudobulks x genes.
    profile
        Rows of pseudobulk, genes with a count, cells: how many cells had how many genes.
    """

    record: dict[str, Any]
    parts: tuple[tuple[int, ...], int]
    sums: NDArray[np.int64]
    profile: NDArray[np.int64]
    gene_ids: tuple[str, ...]
    gene_names: tuple[str, ...] | None


def profile_of(group: NDArray[np.int16], found: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return pseudobulk, genes with a count and number of cells, for the cells that are in one."""
    profile = np.empty((0, 3), dtype=np.int64)
    for start in range(0, len(group), STRETCH):
        own, genes = group[start : start + STRETCH], found[start : start + STRETCH]
        inside = own >= 0
        new = np.column_stack([own[inside], genes[inside], np.ones(int(inside.sum()))]).astype(np.int64)
        profile = merged([profile, new])
    return profile


def digest(ids: Sequence[str], names: Sequence[str] | None) -> str:
    """Return the SHA-256 of the genes, in their order."""
    written = json.dumps([list(ids), None if names is None else list(names)], ensure_ascii=False)
    return hashlib.sha256(written.encode()).hexdigest()


def write_part(part: Part, folder: Path) -> None:
    """Write a part, its record last: without it the folder is no part."""
    names: dict[str, Any] = {} if part.gene_names is None else {"gene_names": np.array(part.gene_names, dtype=str)}
    ids = np.array(part.gene_ids, dtype=str)
    (folder / RECORD).unlink(missing_ok=True)
    with replacing(folder / ARRAYS) as temporary, temporary.open("wb") as handle:
        np.savez_compressed(handle, sums=part.sums, profile=part.profile, gene_ids=ids, **names)
    content = hashlib.sha256((folder / ARRAYS).read_bytes()).hexdigest()
    write_json(
        {"part": part.parts[0][0], "of": part.parts[1], "arrays": content, "record": part.record}, folder / RECORD
    )


def read_part(folder: Path) -> Part:
    """Read what `write_part` wrote.

    Raises
    ------
    FormatError
        No such folder, or not as it was written.
    """
    again = "Run dermshift pseudobulk with --part again for this part."
    found = read_json(folder / RECORD)
    try:
        content = (folder / ARRAYS).read_bytes()
        if hashlib.sha256(content).hexdigest() != found["arrays"]:
            raise refuse(str(folder / ARRAYS), "other bytes than were written", "the arrays of the part", again)
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            sums, profile = arrays["sums"], arrays["profile"]
            ids = tuple(map(str, arrays["gene_ids"]))
            names = tuple(map(str, arrays["gene_names"])) if "gene_names" in arrays else None
        part = Part(found["record"], ((int(found["part"]),), int(found["of"])), sums, profile, ids, names)
    except FormatError:
        raise
    except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
        raise refuse(str(folder), f"not readable: {error}", "a part dermshift pseudobulk wrote", again) from error
    return part


def add_parts(folders: Sequence[Path]) -> Part:
    """Return the sum of all parts of an atlas.

    Raises
    ------
    FormatError
        Parts of different atlases or settings, a part twice, or one that is missing.
    """
    first = read_part(folders[0])
    sums, profile = first.sums.copy(), [first.profile]
    places = {first.parts[0][0]: folders[0]}
    problems: list[Problem] = []
    for folder in folders[1:]:
        part = read_part(folder)
        number = part.parts[0][0]
        problems += _differences(first, part, folders[0], folder)
        if number in places:
            found = f"part {number} of {part.parts[1]} again, as in {places[number]}"
            problems.append(Problem(str(folder), found, "each part once", "Leave one of the two folders out."))
        elif not problems:
            sums, places[number] = sums + part.sums, folder
            profile.append(part.profile)
    missing = [number for number in range(1, first.parts[1] + 1) if number not in places]
    if missing and not problems:
        found = f"no part {listed(missing)} of {first.parts[1]}"
        problems.append(Problem("parts", found, "every part of the atlas", "Run the missing parts, and name them all."))
    if problems:
        raise FormatError(*capped(problems))
    every = (tuple(sorted(places)), first.parts[1])
    return Part(first.record, every, sums, merged(profile), first.gene_ids, first.gene_names)


def _differences(first: Part, part: Part, one: Path, other: Path) -> list[Problem]:
    differing = [key for key in first.record if first.record[key] != part.record.get(key)]
    if first.parts[1] != part.parts[1]:
        differing.append(f"number of parts ({first.parts[1]} and {part.parts[1]})")
    if first.gene_ids != part.gene_ids or first.sums.shape != part.sums.shape:
        differing.append("genes")
    if not differing:
        return []
    found = f"other than in {one}: {listed(dict.fromkeys(differing))}"
    expected = "parts of one atlas, the same to the byte, with the same settings and versions"
    return [Problem(str(other), found, expected, "Run all parts with one command on the same file.")]


def merged(profiles: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return profiles added up."""
    every = np.concatenate(profiles)
    kinds, inverse = np.unique(every[:, 0] << 32 | every[:, 1], return_inverse=True)
    cells = np.zeros(len(kinds), dtype=np.int64)
    np.add.at(cells, inverse, every[:, 2])
    return np.column_stack([kinds >> 32, kinds & 0xFFFFFFFF, cells])


def need_exact(part: Part) -> None:
    """Refuse sums that decimals of 64 bits cannot hold.

    Raises
    ------
    FormatError
        Naming the largest sum.
    """
    largest = int(part.sums.max(initial=0))
    if largest >= MOST_SUMMED:
        action = "Check the counts: no library is so deep."
        where = "sums"
        raise refuse(where, f"a sum of {largest}", f"sums below 2^53 ({MOST_SUMMED})", action)
