"""Reading a bundle back and comparing it with its own manifest."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from dermshift.errors import FormatError, Problem

if TYPE_CHECKING:
    from pathlib import Path

UNLISTED = ("manifest.json", "ro-crate-metadata.json")
RESTORE = "Get the bundle again from whoever made it, or make it again."


def verify(path: Path) -> int:
    """Check every file of a bundle against its manifest and return how many there are; nothing is unpacked to disk.

    Raises
    ------
    FormatError
        The file is no bundle, or files are missing, added or changed; every one is named.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            contents = {name: packed.read(name) for name in packed.namelist()}
    except (OSError, zipfile.BadZipFile) as error:
        raise FormatError(Problem(str(path), str(error), "a bundle.zip", RESTORE)) from error
    files = {str(PurePosixPath(*PurePosixPath(name).parts[1:])): content for name, content in contents.items()}
    try:
        listed = json.loads(files["manifest.json"])["files"]
    except (KeyError, ValueError) as error:
        raise FormatError(Problem(str(path), "no readable manifest.json", "a bundle.zip", RESTORE)) from error
    problems = _differences(files, listed, str(path))
    if problems:
        raise FormatError(*problems)
    return len(listed)


def _differences(files: dict[str, bytes], listed: dict[str, dict[str, str]], path: str) -> list[Problem]:
    missing = [(name, "missing") for name in sorted(set(listed) - set(files))]
    added = [(name, "not in the manifest") for name in sorted(set(files) - set(listed) - set(UNLISTED))]
    changed = [
        (name, "changed")
        for name in sorted(set(listed) & set(files))
        if hashlib.sha256(files[name]).hexdigest() != listed[name]["sha256"]
    ]
    return [
        Problem(f"{path}: {name}", what, "as in manifest.json", RESTORE) for name, what in missing + added + changed
    ]
