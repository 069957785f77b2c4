"""The report as a whole: complete, quiet, readable on every width, in the dark, on paper and without scripts."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow
SECTIONS = ["summary", "limits", "design", "quality", "explore-title", "questions", "dossier-LCN2", "sets", "trust"]
PAPER = 718
"""Width of A4 with margins of 1 cm, in CSS pixels."""
WIDTHS = {"phone": (390, 844), "tablet": (820, 1180), "desktop": (1440, 900)}


def test_the_report_stands_in_its_order_and_every_figure_is_seen(explore):
    page = explore()
    found = page.evaluate("() => [...document.querySelectorAll('main section[id]')].map(({id}) => id)")
    kept = [name for name in found if name in (*SECTIONS, "methods", "provenance")]
    assert kept == [*SECTIONS, "methods", "provenance"]
    broken = """() => [...document.querySelectorAll('a[href^="#"]')].map(({hash}) => hash.slice(1))
        .filter((id) => !document.getElementById(id))"""
    assert page.evaluate(broken) == []
    twice = """() => [...document.querySelectorAll('[id]')].map(({id}) => id)
        .filter((id, place, all) => all.indexOf(id) !== place)"""
    assert page.evaluate(twice) == []
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.wait_for_function("() => [...document.images].every(({src, complete}) => src && complete)")
    pictures = page.evaluate("() => [...document.images].map(({alt, naturalWidth}) => [alt, naturalWidth])")
    assert len(pictures) > 30
    assert [alt for alt, width in pictures if width < 100 or len(alt) < 20] == []


@pytest.mark.parametrize("name", WIDTHS)
def test_nothing_runs_over_the_edge(explore, name):
    width, height = WIDTHS[name]
    page = explore(viewport={"width": width, "height": height})
    over = """() => [...document.querySelectorAll('body *')]
        .filter((part) => !part.closest('nav, .scroll, .js-plotly-plot'))
        .filter((part) => part.getBoundingClientRect().right > innerWidth + 1 && part.offsetParent)
        .map((part) => `${part.tagName} ${part.id} ${part.className}`)"""
    assert page.evaluate(over) == []
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate("() => document.getElementById('volcano').getBoundingClientRect().width") > width * 0.4
    page.locator("nav a", has_text="Design").click()
    below = "() => document.querySelector('#design h2').getBoundingClientRect().top"
    assert page.evaluate(below) >= page.evaluate("() => document.querySelector('nav').getBoundingClientRect().bottom")
    small = """() => [...document.querySelectorAll('#controls button, #controls select, #find, #theme')]
        .filter((part) => part.offsetParent && part.getBoundingClientRect().height < 24).map(({id}) => id)"""
    assert page.evaluate(small) == []


def test_light_and_dark(explore):
    page = explore(color_scheme="light")
    colour = "() => getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.locator("#theme").click()
    page.wait_for_function("() => document.documentElement.dataset.theme === 'dark'")
    dark = page.evaluate(colour)
    assert sum(map(int, re.findall(r"\d+", light)[:3])) > 600 > 200 > sum(map(int, re.findall(r"\d+", dark)[:3]))
    page.locator("#theme").click()
    page.wait_for_function(f"() => ({colour})() === '{light}'")


def test_the_page_prints(explore, tmp_path):
    page = explore(color_scheme="dark", viewport={"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    shown = """() => ['nav', '#controls', '#theme', '.dt-search'].filter((name) =>
        document.querySelector(name).offsetParent)"""
    assert page.evaluate(shown) == []
    assert page.evaluate("() => getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#genes tbody .pick").first.is_visible()
    wide = """(width) => [...document.querySelectorAll('table')].filter((part) => part.offsetParent
        && part.getBoundingClientRect().right > width).map((part) => part.innerText.slice(0, 40))"""
    assert page.evaluate(wide, PAPER) == []
    for plot in ("volcano", "slopes"):
        drawn = page.locator(f"#{plot} .main-svg").first.bounding_box()
        below = page.locator(f"figure:has(#{plot}) figcaption").bounding_box()
        assert drawn["y"] + drawn["height"] <= below["y"] + 1, plot
    path = tmp_path / "report.pdf"
    page.pdf(path=path, format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) > 5


def test_the_page_reads_without_scripts(visit, small_results):
    page = visit(small_results / "report.html", java_script_enabled=False)
    assert page.locator("#explore").is_hidden()
    assert "JavaScript, which is switched off" in page.locator("noscript p").inner_text()
    assert page.locator("noscript p").bounding_box()["height"] > 10
    assert page.locator("#answers").is_visible()


def test_the_dossier_opens_by_itself(visit, small_results):
    page = visit(small_results / "dossier" / "LCN2.html")
    assert "LCN2" in page.title()
    page.get_by_role("link", name="Report of the study").click()
    page.wait_for_url("**/report.html")
