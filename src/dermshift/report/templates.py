"""Templates of this folder, filled in; whatever is filled in is escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

if TYPE_CHECKING:
    import jinja2

HERE = Path(__file__).parent
CODE = Markup("<code>{}</code>")
PLAIN = Markup("{}")


def render(template: str, values: dict[str, Any]) -> str:
    """Return a template of this folder filled in; whatever is filled in is escaped."""
    return _environment().get_template(template).render(values)


@cache
def _environment() -> jinja2.Environment:
    """Return what fills templates in; it compiles each of them once."""
    import jinja2

    loader = jinja2.FileSystemLoader(HERE)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["code"] = code
    # The same key order on every run, and no letter that could end the element the data stand in.
    environment.policies["json.dumps_kwargs"] = {"sort_keys": False, "separators": (",", ":"), "allow_nan": False}
    return environment


def style() -> str:
    """Return the stylesheet of every page."""
    return (HERE / "style.css").read_text(encoding="utf-8")


def code(text: str) -> Markup:
    """Return text with what stands between backticks as HTML code; all of it is escaped."""
    parts = [(CODE if place % 2 else PLAIN).format(part) for place, part in enumerate(text.split("`"))]
    return Markup("").join(parts)
