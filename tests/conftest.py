"""Fixtures shared by all tests."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sys
from contextlib import chdir
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Time limits per example belong to benchmarks: a busy machine is no failure.
settings.register_profile("dermshift", deadline=None, max_examples=40)
settings.load_profile("dermshift")

ROOT = Path(__file__).resolve().parents[1]

LONG = (
    "test_real_studies", "test_slurm", "test_faults", "test_staleness", "test_run", "test_wheel", "test_numbers",
    "test_hostile_names", "test_visits_and_doses", "test_figures", "test_example_board",
)  # fmt: skip
"""Files of tests that take a minute or more: they start first, so that no worker is left alone with one at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first; all else stays in its random order."""
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the project."""
    return ROOT


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the public data that is kept outside the repository; skips where it is absent."""
    folder = Path(os.environ.get("DERMSHIFT_REAL_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"public data not found at {folder}; set DERMSHIFT_REAL_DATA")
    return folder


@pytest.fixture(scope="session")
def glucocorticoid_genes() -> dict[str, str]:
    """Ensembl ids of genes known to go up under glucocorticoids, by symbol."""
    return {
        "FKBP5": "ENSG00000096060",
        "TSC22D3": "ENSG00000157514",
        "PER1": "ENSG00000179094",
        "DUSP1": "ENSG00000120129",
        "KLF9": "ENSG00000119138",
        "CRISPLD2": "ENSG00000103196",
    }


STAGES = ("load", "test", "enrich", "enriched", "evidence", "dossier", "plot", "report", "workbook", "bundle")


def commands(values: dict[str, Any], stage: str) -> list[list[str]]:
    """Return the commands of a stage, as the workflow calls it."""
    flags = values["flags"]["enrich" if stage == "enriched" else stage]
    out = f"--out={values['folder']}"
    if stage not in ("test", "enrich", "evidence"):
        return [[stage, out, *flags]]
    return [[stage, out, f"--fit={fit['id']}", *fit["asks"], *flags] for fit in values["fits"]]


@pytest.fixture(scope="session")
def whole_run() -> Callable[[Path], Path]:
    """Run every stage of FOLDER/config.yaml in this process; return the folder of the study."""
    from dermshift.cli import main
    from dermshift.cli.examine import examined
    from dermshift.cli.options import ask_text
    from dermshift.workflow.settings import Plan
    from dermshift.workflow.settings import settings as settings_of

    def run(folder: Path) -> Path:
        with chdir(folder), pytest.MonkeyPatch.context() as context:
            result = examined(Path("config.yaml"))
            plan = Plan.of(result.config, [(ask_text(ask), design) for ask, design in result.designs])
            values: dict[str, Any] = settings_of(result.config, plan)
            for words in (words for stage in STAGES for words in commands(values, stage)):
                context.setattr(sys, "argv", ["dermshift", *words])
                with pytest.raises(SystemExit) as ended:
                    main()
                assert not ended.value.code, words[:3]
        return folder / str(values["folder"])

    return run


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """Make a folder once per test run, by whichever worker comes first; all leave it as it is."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, done = shared / name, shared / f"{name}.done"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                folder.mkdir()
                fill(folder)
                done.touch()
        return folder

    return make


def small_config(root: Path) -> dict[str, Any]:
    """Return the configuration of the example study, with fewer questions of fewer patients."""
    config: dict[str, Any] = yaml.safe_load((root / "config" / "config.yaml").read_text())
    config["study"] |= {"name": "small", "matrix": "data/counts.tsv.gz", "samples": "data/samples.tsv"}
    config["gene_sets"] = [str(root / path) for path in config["gene_sets"]]
    config["evidence"] |= {"top": 3, "anchors": str(root / config["evidence"]["anchors"])}
    data = {"genes": "genes.tsv", "sex_genes": "sex_genes.tsv"}
    return config | {
        "questions": ["response", {"by": "sex"}, {"by": "compartment"}],
        "annotation": {name: str(root / "data" / file) for name, file in data.items()},
        "analysis": {"permutations": 100},
    }


@pytest.fixture(scope="session")
def quick_pictures() -> Callable[[pytest.MonkeyPatch], None]:
    """Draw a few figures of each family, PNGs coarse."""

    def few(family: Any) -> Any:
        return replace(family, draw=lambda inputs: islice(family.draw(inputs), 3))

    def patch(context: pytest.MonkeyPatch) -> None:
        from dermshift.figures import FAMILIES

        context.setattr("dermshift.figures.FAMILIES", tuple(map(few, FAMILIES)))
        context.setattr("dermshift.io.figure_files.PNG_DPI", 72)

    return patch


@pytest.fixture(scope="session")
def small_results(root: Path, once: Any, whole_run: Callable[[Path], Path], quick_pictures: Any) -> Path:
    """Results of a small study, by sex and by compartment, with one gene named in the configuration."""
    from dermshift.simulate import Settings, simulate, write_example

    def fill(folder: Path) -> None:
        settings = Settings(
            seed=3, genes=350, females=4, males=3, compartments=("epidermis", "dermis"), data=root / "data"
        )
        write_example(simulate(settings), folder / "data")
        (folder / "config.yaml").write_text(json.dumps(small_config(root)))
        with pytest.MonkeyPatch.context() as context:
            quick_pictures(context)
            whole_run(folder)

    return once("small", fill) / "results" / "small"


BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Headless Chromium; skips where there is none.

    For one module only: Playwright keeps an event loop running in this thread, and others need their own.
    """
    program = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if program is None:
        pytest.skip(f"no browser on PATH: none of {', '.join(BROWSERS)}")
    from playwright.sync_api import sync_playwright

    # Chromium's sandbox does not start for root, and containers run tests as root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=arguments)
        yield running
        running.close()


class Visitor:
    """Opens files as a lab member would, and keeps whatever a page said, asked or fetched."""

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.said: list[str] = []

    def __call__(self, path: Path, **options: Any) -> Any:
        """Open a file in a window of its own; options are those of a Playwright context."""
        context = self.browser.new_context(**options)
        context.set_default_timeout(15_000)
        context.on("request", self.fetched)
        page = context.new_page()
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("dialog", self.asked)
        page.goto(path.as_uri())
        return page

    def fetched(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.said.append(f"fetched {request.url}")

    def asked(self, dialog: Any) -> None:
        self.said.append(f"dialog: {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def visit(browser: Any) -> Iterator[Visitor]:
    """Open a page; at the end none may have said, asked or fetched anything."""
    visitor = Visitor(browser)
    yield visitor
    for context in browser.contexts:
        context.close()
    assert visitor.said == []
