"""YAML in which everything is text and nothing is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from dermshift.errors import ConfigError, Problem

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 1_000_000


class TextLoader(yaml.SafeLoader):
    """A safe loader that leaves every scalar a string: ``007``, ``no`` and ``1E5`` stay what they are.

    Aliases are refused (a small file can expand without end through them), and so are repeated keys, of which plain
    YAML keeps the last in silence.
    """

    yaml_implicit_resolvers: dict[str, list[object]] = {}  # noqa: RUF012 -- the parent's name and type

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node, unless it is an alias."""
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="an alias (*name)", problem_mark=mark)
        node: yaml.Node | None = super().compose_node(parent, index)
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002
        """Construct a mapping whose keys are all different."""
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key '{key.value}' twice", problem_mark=key.start_mark)
            seen.add(key.value)
        mapping: dict[object, object] = super().construct_mapping(node, deep=deep)
        return mapping


def read_yaml(path: Path) -> dict[str, object]:
    """Read a YAML mapping as text.

    Raises
    ------
    ConfigError
        The file is absent, too large, not UTF-8, no YAML, or holds an alias, a tag or a repeated key.
    """
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise _error(path, f"{len(raw)} bytes", f"a configuration below {MAX_BYTES} bytes")
        value = yaml.load(raw.decode("utf-8-sig"), Loader=TextLoader)  # noqa: S506 -- a SafeLoader, see above
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise _error(path, found, "a readable YAML file") from error
    except UnicodeDecodeError as error:
        raise _error(path, f"bytes that are no UTF-8 at offset {error.start}", "UTF-8 text") from error
    except RecursionError as error:
        raise _error(path, "lists or keys nested without end", "plain YAML: keys, values and lists") from error
    except yaml.YAMLError as error:
        raise _error(path, _describe(error), "plain YAML: keys, values and lists") from error
    if not isinstance(value, dict):
        raise _error(path, "an empty file" if not value else "no keys", "keys such as study: and questions:")
    return value


def _describe(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        return f"line {mark.line + 1}, column {mark.column + 1}: {error.problem or error.context}"
    return str(error).replace("\n", " ")


def _error(path: Path, found: str, expected: str) -> ConfigError:
    return ConfigError(Problem(str(path), found, expected, "Correct the file; config/README.md shows every key."))
