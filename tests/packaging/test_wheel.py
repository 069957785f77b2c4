"""The wheel alone, outside the repository, lays the example study and runs it."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pytest
import yaml

WHOLE = "DERMSHIFT_WHOLE_EXAMPLE" in os.environ
"""Whether to run the example study as it is, not one compartment and one in twenty of its made-up genes."""

LAID = ("config/README.md", "config/config.yaml", "data/README.md", "data/genes.tsv", "data/example/counts.tsv.gz")


def test_the_wheel_holds_the_files_themselves(root, wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    flows = [path.relative_to(root).as_posix() for path in (root / "workflows").rglob("*") if path.is_file()]
    assert "workflows/Snakefile" in flows
    for name, inside in [*((name, name) for name in flows), *((name, f"example/{name}") for name in LAID)]:
        assert held[f"dermshift/shipped/{inside}"] == (root / name).read_bytes()
    assert {name.split("/")[0].split("-")[0] for name in held} == {"dermshift"}


def test_the_repository_keeps_one_copy(root):
    shipped = root / "src" / "dermshift" / "shipped"
    entries = [path for path in shipped.rglob("*") if path.is_symlink() or path.is_file()]
    own = {path.relative_to(shipped).as_posix() for path in entries if not path.is_symlink() and path.suffix != ".pyc"}
    assert own == {"__init__.py", "example/README.md"}
    assert [path for path in entries if not path.resolve().is_relative_to(root)] == []


def laid(fresh, folder: Path) -> dict:
    """Lay the example study with the wheel's command; return its configuration."""
    done = fresh("dermshift", "example", folder, cwd=folder.parent)
    assert done.returncode == 0, done.stderr
    assert "Synthetic" in done.stdout
    return yaml.safe_load((folder / "config" / "config.yaml").read_text())


def thinned(data: Path, compartment: str, one_of: int) -> None:
    """Keep the samples of one compartment, every named gene and one in `one_of` of the others."""
    head, *rows = [line.split("\t") for line in (data / "samples.tsv").read_text().splitlines()]
    rows = [row for row in rows if compartment in row]
    (data / "samples.tsv").write_text("".join("\t".join(row) + "\n" for row in [head, *rows]))
    packed = (data / "counts.tsv.gz").read_bytes()
    names, *counts = [line.split("\t") for line in gzip.decompress(packed).decode().splitlines()]
    wanted = [number for number, name in enumerate(names) if number < 2 or name in {row[0] for row in rows}]
    kept = [line for number, line in enumerate(counts) if not line[1].startswith("SYN") or number % one_of == 0]
    text = "".join("\t".join(line[number] for number in wanted) + "\n" for line in [names, *kept])
    (data / "counts.tsv.gz").write_bytes(gzip.compress(text.encode()))


@pytest.mark.slow
def test_the_wheel_alone_runs_the_example(root, fresh, tmp_path):
    where = fresh("python", "-c", "import dermshift as d; print(d.__file__)", cwd=tmp_path).stdout
    assert Path(where.strip()).is_relative_to(fresh.folder)
    study = tmp_path / "study"
    config = laid(fresh, study)
    assert config["study"]["synthetic"] is True
    if not WHOLE:
        config |= {"questions": ["response"]}
        (study / "config" / "config.yaml").write_text(yaml.safe_dump(config))
        thinned(study / "data" / "example", "epidermis", one_of=20)
    ran = fresh("dermshift", "run", "config/config.yaml", "--cores", "2", cwd=study)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    checked = fresh("dermshift", "verify", "results/example/bundle.zip", cwd=study)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert str(root) not in (study / "results" / "example" / "manifest.json").read_text()
    again = fresh("dermshift", "run", "config/config.yaml", cwd=study)
    assert "nothing to be done" in again.stdout


def test_a_folder_with_anything_in_it_is_left_alone(fresh, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    refused = fresh("dermshift", "example", ".", cwd=tmp_path)
    assert refused.returncode == 2
    assert "not empty: notes.txt" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]
