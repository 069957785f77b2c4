"""What source files compute, as digests: of their syntax trees, without docstrings; other files count byte for byte."""

from __future__ import annotations

import ast
import hashlib
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from dermshift.io.atomic import write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable


def digests(paths: Iterable[Path]) -> dict[Path, bytes]:
    """Return the digest of each file.

    Trees take half a second for the whole package; their digests are kept on disk by the sha256 of the source.
    """
    known = _kept()
    found: dict[str, str] = {}
    of: dict[Path, bytes] = {}
    for path in paths:
        content = path.read_bytes()
        plain = hashlib.sha256(content)
        if path.suffix == ".py":
            key = plain.hexdigest()
            found[key] = known.get(key) or hashlib.sha256(_tree(content)).hexdigest()
            of[path] = bytes.fromhex(found[key])
        else:
            of[path] = plain.digest()
    if not found.keys() <= known.keys():
        with suppress(OSError):  # a cache that cannot be written costs half a second
            write_bytes(json.dumps(found).encode(), _place())
    return of


def _kept() -> dict[str, str]:
    """Return the digests that were kept; none where the file is missing or no longer what was written."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        kept = json.loads(_place().read_bytes())
        if all(len(bytes.fromhex(key)) == len(bytes.fromhex(digest)) == 32 for key, digest in kept.items()):
            return dict(kept)
    return {}


def _place() -> Path:
    """Return where digests are kept: what is a tree, and how it is written down, changes with Python and this file."""
    made_by = hashlib.sha256(sys.version.encode() + Path(__file__).read_bytes()).hexdigest()
    return user_cache_path("dermshift", appauthor=False) / f"syntax-{made_by[:16]}.json"


def _tree(source: bytes) -> bytes:
    tree = ast.parse(source)
    _drop_texts(tree)
    return ast.dump(tree).encode()


def _drop_texts(node: ast.AST) -> None:
    """Remove docstrings from a module, class or function and whatever is defined in it."""
    body = getattr(node, "body", None)
    if isinstance(body, list):
        node.body = [item for item in body if not _is_text(item)]  # type: ignore[attr-defined]
        for item in body:
            _drop_texts(item)


def _is_text(node: ast.AST) -> bool:
    """Tell whether a statement is a bare string: a docstring, or a comment under a constant."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
