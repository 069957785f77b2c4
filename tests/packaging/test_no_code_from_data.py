"""Nothing read from a file is run: no pickle, no shell text from values. ruff holds the rest (eval, shell=True)."""

from __future__ import annotations

import ast
import re

import pytest

PICKLES = {"pickle", "_pickle", "cPickle", "cloudpickle", "dill", "joblib", "jsonpickle", "klepto", "marshal", "shelve"}
LOADERS = {"read_pickle", "to_pickle", "unpickle"}
SILENCED = re.compile(r"#\s*noqa(?::.*\b(S102|S3\d\d|S4\d\d|S50\d|S6\d\d|S70\d)\b|(?!:))", re.IGNORECASE)
"""A remark that silences one of ruff's rules about code in data, or every rule at once."""
REVIEWED = {"S506", "S603"}
"""YAML read by a safe loader of our own; a program started from a list of arguments. Neither takes text for code."""
PLAIN = {"threads", "params.part"}
"""Values of a shell line that are numbers of the workflow's own: cores, and part N of M."""
FIELD = re.compile(r"(?<!\{)\{([A-Za-z_][\w.\[\]]*)(![rsa])?(:[^{}]*)?\}(?!\})")


def faults(text: str) -> list[str]:
    """Imports and calls in Python source by which a file could run code."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names if name.name.split(".")[0] in PICKLES]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PICKLES:
            found.append(str(node.module))
        elif isinstance(node, ast.Attribute) and node.attr in LOADERS:
            found.append(node.attr)
        elif isinstance(node, ast.keyword) and node.arg == "allow_pickle":
            found += [] if isinstance(node.value, ast.Constant) and node.value.value is False else ["allow_pickle"]
    return found


def sources(root):
    return {path.relative_to(root).as_posix(): path.read_text() for path in (root / "src").rglob("*.py")}


def test_no_source_loads_an_object_from_a_file(root):
    found = {name: faults(text) for name, text in sources(root).items()}
    assert len(found) > 300
    assert {name: what for name, what in found.items() if what} == {}


def test_no_rule_about_code_in_data_is_silenced(root):
    found = {name: {match[1] for match in SILENCED.finditer(text)} for name, text in sources(root).items()}
    assert {name: rules - REVIEWED for name, rules in found.items() if rules - REVIEWED} == {}
    assert SILENCED.search("x = eval(y)  # noqa")
    assert SILENCED.search("x = eval(y)  # noqa: E501, S307 -- trust me")[1] == "S307"
    assert not SILENCED.search("x  # noqa: E501 -- long")


def test_yaml_is_read_in_one_place_by_a_safe_loader(root):
    reads = re.compile(r"\byaml\.\w*load\w*\([^\n]*|\byaml\.\w*Loader\b")
    found = {name: reads.findall(text) for name, text in sources(root).items() if reads.search(text)}
    assert list(found) == ["src/dermshift/config/text.py"]
    assert found["src/dermshift/config/text.py"][0] == "yaml.SafeLoader"
    assert all("Safe" in text or "Loader=TextLoader" in text for text in found["src/dermshift/config/text.py"])


@pytest.mark.parametrize(
    "text",
    [
        "import pickle",
        "from joblib import load",
        "import dill as d",
        "pd.read_pickle('x')",
        "np.load(f, allow_pickle=True)",
        "np.load(f, allow_pickle=asked)",
    ],
)
def test_a_loader_is_seen(text):
    assert faults(text)
    assert not faults("np.load(f, allow_pickle=False)")


def unquoted(text: str) -> list[str]:
    """Values that enter the shell lines of a workflow as they are."""
    lines = re.findall(r"\n( *)shell:((?:\n\1 +.*)+)", text)
    fields = [match for _, line in lines for match in FIELD.findall(line)]
    assert len(re.findall(r"^ *shell:", text, re.MULTILINE)) == len(lines)
    return [name for name, _, form in fields if form != ":q" and name not in PLAIN]


def test_every_value_in_a_shell_line_is_quoted(root):
    flows = {path.name: path.read_text() for path in (root / "workflows").rglob("*") if path.suffix == ".smk"}
    assert sum(text.count("shell:") for text in flows.values()) > 5
    assert {name: bad for name, text in flows.items() if (bad := unquoted(text))} == {}


def test_a_bare_value_in_a_shell_line_is_seen():
    line = '\nrule a:\n    shell:\n        "x {input} {params.flags:q}"\n        " {threads} >{log}"\n'
    assert unquoted(line) == ["input", "log"]
