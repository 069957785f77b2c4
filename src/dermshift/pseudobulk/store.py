"""HDF5 files and Zarr folders as one tree of groups and arrays; nothing in them is run, nothing outside is read."""

from __future__ import annotations

import json
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dermshift.errors import FormatError
from dermshift.io.decode import refuse
from dermshift.pseudobulk.blosc import need_whole_pieces

if TYPE_CHECKING:
    from collections.abc import Iterator

CACHE = 2_097_152
AGAIN = "Copy or download the file again, or write it again with a current anndata."
READING = (OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError, EOFError,
           MemoryError, zlib.error)  # fmt: skip
"""What h5py, zarr and gzip raise for damaged or foreign content."""


@contextmanager
def reading(path: str, what: str) -> Iterator[None]:
    """Turn what a library says of damage into a refusal of `path`."""
    try:
        yield
    except FormatError:
        raise
    except READING as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refuse(path, f"not readable: {reason[:200]}", what, AGAIN) from error


@contextmanager
def opened(path: str) -> Iterator[Any]:
    """Open an HDF5 file or a Zarr folder for reading and yield its root group.

    Raises
    ------
    FormatError
        Not there, neither format, damaged, or written with pickle.
    """
    if Path(path).is_dir():
        yield _zarr(path)
        return
    import h5py

    with reading(path, "a whole HDF5 file (.h5ad or 10x .h5)"):
        file = h5py.File(path, "r")
        _cap_cache(file)
    try:
        yield file
    finally:
        file.close()


def _cap_cache(file: Any) -> None:
    """Keep HDF5 from remembering where every piece of the file is: with the cells, their number grows to tens of MB."""
    settings = file.id.get_mdc_config()
    settings.set_initial_size, settings.initial_size = True, CACHE
    settings.min_size = settings.max_size = CACHE
    file.id.set_mdc_config(settings)


def _zarr(path: str) -> Any:
    import zarr

    if not any((Path(path) / name).is_file() for name in (".zgroup", "zarr.json")):
        expected = "a Zarr folder of AnnData, or a 10x folder with matrix.mtx, barcodes.tsv and features.tsv (or .gz)"
        raise refuse(path, "a folder that is neither", expected, "Name the folder that holds these files.")
    _need_no_pickle(path)
    with reading(path, "a Zarr folder written by anndata"):
        # The metadata beside each array is what was looked at above, so that is what is read.
        return zarr.open_group(path, mode="r", use_consolidated=False)


def _need_no_pickle(path: str) -> None:
    """Refuse a folder in which any array names pickle as its codec: reading it would run what it holds."""
    for file in sorted(Path(path).rglob("*")):
        if file.is_symlink():
            # What a link leads to would be neither looked at here nor in the checksum.
            found, expected = "a link", "files inside the folder, whose checksum is recorded"
            raise refuse(str(file), found, expected, "Copy the folder with what its links lead to (cp -rL).")
        if file.name not in (".zarray", "zarr.json"):
            continue
        with reading(str(file), "metadata of a Zarr array"):
            metadata = json.loads(file.read_text("utf-8"))
            named = _codecs(metadata)
            need_whole_pieces(file.parent, metadata)
        if any("pickle" in name.lower() for name in named):
            array = file.parent.relative_to(path).as_posix()
            action = "Write the atlas again with anndata; it stores text as text. Pickle can run code when it is read."
            raise refuse(path, f"array '{array}' is stored as pickle", "arrays of numbers and text", action)


def _codecs(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [str(value[key]) for key in ("id", "name") if key in value and key != "attributes"]
        return own + [name for key, item in value.items() if key != "attributes" for name in _codecs(item)]
    return [name for item in value for name in _codecs(item)] if isinstance(value, list) else []


def is_array(node: Any) -> bool:
    """Tell an array from a group."""
    return hasattr(node, "shape")


def child(group: Any, name: str, path: str) -> Any:
    """Return the member `name` of a group, None where there is none.

    Raises
    ------
    FormatError
        A link that leads nowhere, in a circle or out of the file; values kept in another file.
    """
    if name not in group and not _dangling(group, name):
        return None
    where, inside = f"{path}: {name}", "values inside the file, whose checksum is recorded"
    if hasattr(group, "id"):
        import h5py

        if isinstance(group.get(name, getlink=True), h5py.ExternalLink):
            raise refuse(where, "a link to another file", inside, AGAIN)
    with reading(where, "a group or array"):
        node = group[name]
    if getattr(node, "external", None) or getattr(node, "is_virtual", False):
        raise refuse(where, "an array whose values are in another file", inside, AGAIN)
    return node


def _dangling(group: Any, name: str) -> bool:
    return hasattr(group, "id") and name in list(group)


def text(value: Any) -> str:
    """Return a name or attribute as text."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def attribute(node: Any, *names: str) -> Any:
    """Return the first of the attributes that is there, else None."""
    return next((node.attrs[name] for name in names if name in node.attrs), None)


def chunk_of(array: Any) -> int:
    """Return how many rows one stored piece of an array has; 1 where it is stored in one run."""
    pieces = getattr(array, "shards", None) or getattr(array, "chunks", None)
    return int(pieces[0]) if pieces else 1
