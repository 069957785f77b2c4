"""Size of a report by its parts, and seconds in a real browser: ``python benchmarks/report.py [results/example]``.

Needs a Chromium on PATH. Seconds are from opening the file to the plots being drawn, and from a click to the plot that
follows it, each the median of five.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

PARTS = {
    "tables and levels of all genes": r'<script type="application/json" id="payload">.*?</script>',
    "plotly.js, packed": r'<script type="text/plain" id="plotly">.*?</script>',
    "DataTables and its styles, the report's own script": r'<script type="module">.*?</script>|<style>.*?</style>',
    "figures of single questions, packed": r'<script type="text/plain" id="pack-.*?</script>',
    "other figures": r'<img src="data:[^"]*"',
}


def sizes(html: str) -> dict[str, float]:
    """Return the megabytes of each part, and of the whole."""
    found = {name: sum(map(len, re.findall(pattern, html, re.DOTALL))) / 1e6 for name, pattern in PARTS.items()}
    total = len(html.encode()) / 1e6
    return {**found, "text and small tables": total - sum(found.values()), "together": total}


def times(report: Path) -> dict[str, float]:
    """Return the median seconds of opening the report, asking another question and choosing another gene."""
    from playwright.sync_api import sync_playwright

    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    seen: dict[str, list[float]] = {"open": [], "another question": [], "another gene": []}
    with sync_playwright() as play:
        running = play.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        for _ in range(5):
            page = running.new_page(viewport={"width": 1440, "height": 900})
            seen["open"].append(timed(lambda page=page: opened(page, report)))
            seen["another question"].append(timed(lambda page=page: asked(page)))
            seen["another gene"].append(timed(lambda page=page: chosen(page)))
            page.close()
        running.close()
    return {name: statistics.median(values) for name, values in seen.items()}


def timed(act: Any) -> float:
    """Return the seconds `act` takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def opened(page: Any, report: Path) -> None:
    """Open the report and wait until its plots are drawn."""
    page.goto(report.resolve().as_uri())
    page.wait_for_selector("html[data-ready]")


def asked(page: Any) -> None:
    """Ask the second question and wait for what is said of it."""
    before = page.inner_text("#genes-said")
    page.select_option("#question", "1")
    page.wait_for_function("text => document.getElementById('genes-said').textContent !== text", arg=before)


def chosen(page: Any) -> None:
    """Choose the first gene of the table and wait for its name."""
    before = page.inner_text("#gene-name")
    page.click("#genes tbody button >> nth=1")
    page.wait_for_function("text => document.getElementById('gene-name').textContent !== text", arg=before)


def main() -> None:
    """Print both tables."""
    report = Path(sys.argv[1] if len(sys.argv) > 1 else "results/example") / "report.html"
    for name, size in sizes(report.read_text(encoding="utf-8")).items():
        print(f"| {name} | {size:.2f} MB |")
    for name, seconds in times(report).items():
        print(f"| {name} | {seconds:.1f} s |")


if __name__ == "__main__":
    main()
