"""Make the pictures of the README from a finished run: figures as they are, the report as a browser shows it.

    python docs/images.py [results/example] [results/studies.board]

Figures are made narrower for a page; the report is opened in Debian's chromium (or the one on PATH), and is left out
where there is none.
"""

from __future__ import annotations

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image

HERE = Path(__file__).parent / "images"
WIDTH, MARGIN = 1000, 16
FIGURES = ("sampling", "slopes_LCN2", "volcano_response", "breakdown_sex")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 780}
GENE = "LCN2"


def keep(name: str, picture: bytes, width: int = WIDTH) -> None:
    """Write a picture of at most `width` pixels, with 256 colours chosen so that none that is rare is lost."""
    image = Image.open(BytesIO(picture)).convert("RGB")
    if image.width > width:
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    image.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(HERE / f"{name}.png", optimize=True)
    print(f"docs/images/{name}.png")


def figures(results: Path) -> None:
    """Keep the figures of the README."""
    for name in FIGURES:
        keep(name, (results / "figures" / f"{name}.png").read_bytes())


def board(folder: Path) -> None:
    """Keep the forest of the replication board, where there is one."""
    picture = folder / "figures" / "forest_genes_response.png"
    if picture.is_file():
        keep("board_forest", picture.read_bytes())


def opened(browser: Any, report: Path, size: dict[str, int], scheme: str) -> Any:
    """Return the report in a window of its own, without animation."""
    context = browser.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(report.resolve().as_uri())
    page.wait_for_timeout(1500)
    return page


def choose(page: Any) -> None:
    """Search the gene as a reader does."""
    page.locator("#find").fill(GENE)
    page.locator("#find").press("Enter")
    page.locator("#find").blur()
    page.wait_for_timeout(1500)


def plots(page: Any) -> bytes:
    """Return the controls and the two plots below them."""
    top, below = (page.locator(name).bounding_box() for name in ("#controls", "#explore .pair"))
    across = {"x": top["x"] - MARGIN, "width": top["width"] + 2 * MARGIN}
    height = below["y"] + below["height"] - top["y"] + 2 * MARGIN
    down = {"y": top["y"] + page.evaluate("scrollY") - MARGIN, "height": height}
    return bytes(page.screenshot(full_page=True, clip=across | down))


def pictures(report: Path) -> None:
    """Keep the report at three sizes, light and dark."""
    program = next((found for found in map(shutil.which, BROWSERS) if found), None)
    if program is None:
        print(f"no pictures of the report: no browser on PATH ({', '.join(BROWSERS)})", file=sys.stderr)
        return
    from playwright.sync_api import sync_playwright

    # Chromium's sandbox does not start for root.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        keep("report", opened(browser, report, WIDE, "light").screenshot())
        for name, scheme in (("report_explore", "light"), ("report_explore_dark", "dark")):
            page = opened(browser, report, WIDE, scheme)
            choose(page)
            keep(name, plots(page))
        page = opened(browser, report, PHONE, "light")
        choose(page)
        page.locator("#find").evaluate("box => box.scrollIntoView()")
        keep("report_phone", page.screenshot(), PHONE["width"])
        browser.close()


if __name__ == "__main__":
    RESULTS = Path(sys.argv[1] if len(sys.argv) > 1 else "results/example")
    HERE.mkdir(exist_ok=True)
    figures(RESULTS)
    board(Path(sys.argv[2] if len(sys.argv) > 2 else "results/studies.board"))
    pictures(RESULTS / "report.html")
