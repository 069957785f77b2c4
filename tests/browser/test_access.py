"""The report by keyboard and by screen reader: axe-core finds nothing, and every control has its name."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.slow
OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}

REST = {"exclude": [["tbody tr:nth-child(n+3)"], ["#volcano svg"], ["#slopes svg"]]}
"""Rows that are like the two before them, and drawings, which have their text."""
ONE_QUESTION = "() => document.querySelectorAll('.question ~ .question').forEach((part) => part.remove())"
"""The sections of the other questions are made like the first."""
STYLE = "part => { const style = getComputedStyle(part); return [style.outlineStyle, style.boxShadow]; }"


def violations(page, options=OPTIONS):
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=REST, options=options).response["violations"]
    return [f"{one['id']}: {[node['target'] for node in one['nodes']][:4]}" for one in found]


def test_axe_finds_nothing(explore):
    page = explore()
    page.evaluate(ONE_QUESTION)
    page.evaluate("() => document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    assert violations(page) == []


def test_the_page_is_dark_where_the_system_is_and_has_contrast(explore):
    page = explore(color_scheme="dark")
    page.evaluate(ONE_QUESTION)
    background = page.evaluate("() => getComputedStyle(document.body).backgroundColor")
    assert sum(map(int, re.findall(r"\d+", background)[:3])) < 200
    assert violations(page, {"runOnly": ["color-contrast"]}) == []


def test_axe_finds_nothing_in_a_dossier(visit, small_results):
    assert violations(visit(small_results / "dossier" / "LCN2.html")) == []


def test_axe_would_find_something(visit, tmp_path):
    path = tmp_path / "bad.html"
    path.write_text(
        "<!DOCTYPE html><html lang=en><title>x</title><main><h1>x</h1><input><p style='color:#ccc'>pale</p>"
    )
    found = violations(visit(path))
    assert {one.partition(":")[0] for one in found} == {"label", "color-contrast"}


def test_everything_can_be_done_by_keyboard(explore):
    page = explore()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("() => document.activeElement.id || document.activeElement.name || ''"))
        if seen[-1] == "download-shown":
            break
    order = [
        name for name in seen if name in ("theme", "question", "view", "sex", "compartment", "find", "download-tsv")
    ]
    assert list(dict.fromkeys(order)) == ["theme", "question", "view", "sex", "compartment", "find", "download-tsv"]
    page.locator("#find").focus()
    page.keyboard.type("KRT10")
    page.keyboard.press("Enter")
    page.locator("#gene-name", has_text="KRT10").wait_for()
    page.locator("input[name=sex][value=all]").focus()
    page.keyboard.press("ArrowRight")
    assert page.locator("#question").evaluate("select => select.selectedOptions[0].text") != "all patients"
    page.locator("#genes .pick").first.focus()
    chosen = page.locator("#genes .pick").first.inner_text()
    page.keyboard.press("Enter")
    page.locator("#gene-name", has_text=chosen).wait_for()


def test_plots_say_in_words_what_they_show_and_the_focus_is_seen(explore):
    page = explore()
    for name, start in (("volcano", "Volcano plot. "), ("slopes", "Slopes. ")):
        said = page.locator(f"#{name}").get_attribute("aria-label")
        assert said.startswith(start)
        assert any(sign.isdigit() for sign in said)
    roles = page.get_by_role("radio", name="male", exact=True)
    assert roles.count() == 1
    assert (
        page.get_by_role("searchbox", name="Find a gene").count()
        + page.get_by_role("combobox", name="Find a gene").count()
        == 1
    )
    assert page.get_by_role("group", name="sex").count() == 1
    for name in ("#question", "#find", "#download-tsv", "#theme", "#volcano"):
        page.keyboard.press("Tab")
        page.locator(name).focus()
        style = page.locator(name).evaluate(STYLE)
        assert style != ["none", "none"], name
