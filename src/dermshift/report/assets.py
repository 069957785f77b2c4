"""Scripts and styles of report.html: plotly.js and DataTables as their packages bring them, and the report's own."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from dermshift.report.packed import pack

HERE = Path(__file__).parent
APP = ("read", "theme", "volcano", "slopes", "gene", "table", "switch", "main")
"""Files of ``app/``, in their order: together they are one script."""
EXPORT = re.compile(r"export\s*\{[^}]*?([\w$]+) as default[^}]*\};?\s*(?=/\*|//|$)")
"""How the bundle of DataTables hands out its parts; it is inlined, where nothing can be imported from it."""


@cache
def plotly() -> str:
    """Return plotly.js (MIT licence), as the package plotly brings it."""
    return inline(_file("plotly", "package_data/plotly.min.js"))


@cache
def tables() -> str:
    """Return DataTables with its extensions (MIT licence), as the package itables brings it, as ``DataTable``.

    Raises
    ------
    RuntimeError
        If the bundle does not end in the export it is known for.
    """
    text = _file("itables", "html/dt_bundle.js")
    found = EXPORT.findall(text)
    if len(found) != 1:
        message = f"the bundle of DataTables has {len(found)} default exports, expected 1: see report/assets.py"
        raise RuntimeError(message)
    return inline(EXPORT.sub(f"globalThis.DataTable={found[0]};\n", text))


@cache
def tables_style() -> str:
    """Return the stylesheet of DataTables."""
    return _file("itables", "html/dt_bundle.css").removeprefix("\ufeff")


@cache
def app() -> str:
    """Return the report's own script."""
    parts = [(HERE / "app" / f"{name}.js").read_text(encoding="utf-8") for name in APP]
    return inline("\n".join(parts))


@cache
def scripts() -> dict[str, str]:
    """Return what the template puts into the page, and the sources its policy lets run: these and nothing else."""
    allowed = " ".join(source(text) for text in (tables(), app(), plotly()))
    return {
        "plotly": pack(plotly()),
        "tables": tables(),
        "tables_style": tables_style(),
        "app": app(),
        "allowed": allowed,
    }


def source(text: str) -> str:
    """Return a script's source expression of a content security policy: the hash of what stands inside the element."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def inline(text: str) -> str:
    """Return a script that ends where its element ends, whatever its strings hold."""
    return text.replace("\r\n", "\n").replace("</script", r"<\/script").replace("<!--", r"<\!--")


def _file(package: str, name: str) -> str:
    """Return a file of an installed package; the package is not imported for it, which would take seconds."""
    found = find_spec(package)
    if found is None or found.origin is None:
        message = f"the package {package} is not installed"
        raise RuntimeError(message)
    return (Path(found.origin).parent / name).read_text(encoding="utf-8")
