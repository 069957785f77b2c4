"""The interactive part of the report, used as a lab member would."""

from __future__ import annotations

import csv
import json
import re

import pytest

pytestmark = pytest.mark.slow
NUMBERS = ("log2_fold_change", "p_value", "fdr", "rank", "n_pairs")


def find(page, typed):
    page.locator("#find").fill(typed)
    page.keyboard.press("Enter")


def same(shown, full):
    """Return whether a number of the page is the number of a table, rounded to four significant digits."""
    if shown == "NA" or full == "NA":
        return shown == full
    return shown == full or float(shown) == float(f"{float(full):.4g}")


def rows_of(text):
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


def download(page, button):
    with page.expect_download() as started:
        page.locator(button).click()
    return started.value.suggested_filename, started.value.path().read_text(encoding="utf-8")


def heads(page):
    return page.locator("#genes thead th .dt-column-title").all_inner_texts()


def column(page, name):
    """Return the cells of a column of the table of genes, on the page that is shown."""
    return page.locator(f"#genes tbody tr td:nth-child({heads(page).index(name) + 1})").all_inner_texts()


def shows(page, genes):
    """Wait until the table of genes shows these: it is drawn when the browser finds time."""
    from playwright.sync_api import expect

    cells = page.locator(f"#genes tbody tr td:nth-child({heads(page).index('gene') + 1})")
    expect(cells).to_have_text(genes)


def ask(page, name):
    page.locator("#question").select_option(label=name)


def test_search_finds_a_gene_by_symbol_by_id_and_by_its_other_name(explore, tables, titles):
    page = explore()
    for typed in ("lcn2", "ENSG00000148346", "NGAL"):
        find(page, "KRT1")
        page.locator("#gene-name", has_text="KRT1").wait_for()
        find(page, typed)
        page.locator("#gene-name", has_text="LCN2 (NGAL)").wait_for()
    shown = [row.locator("th, td").all_inner_texts() for row in page.locator("#gene-rows tr").all()]
    assert [row[0] for row in shown] == list(titles.values())
    for (title, change, interval, p, fdr, rank, patients, status), question in zip(shown, tables, strict=True):
        row = next(row for row in tables[question] if row["gene_symbol"] == "LCN2")
        pairs = zip((change, p, fdr, rank, patients), NUMBERS, strict=True)
        assert all(same(text, row[name]) for text, name in pairs), title
        assert [same(*ends) for ends in zip(interval.split(" to "), (row["ci_lower"], row["ci_upper"]), strict=True)]
        assert status == row["status"]
    find(page, "NOSUCHGENE")
    assert "NOSUCHGENE" in page.locator("#find-said").inner_text()
    assert "LCN2" in page.locator("#gene-name").inner_text()


def test_slopes_show_every_pair_of_the_chosen_gene(explore, small_results):
    page = explore()
    find(page, "LCN2")
    claim = json.loads((small_results / "figures" / "slopes_LCN2.json").read_text())["shows"]
    higher, pairs = re.search(r"in (\d+) of (\d+) pairs", claim).groups()
    assert f"in {higher} of {pairs} pairs" in page.locator("#slopes-said").inner_text()
    lines = page.evaluate("() => document.getElementById('slopes').data.filter(({mode}) => mode === 'lines+markers')")
    assert len(lines) == int(pairs)
    samples = json.loads((small_results / "dossier" / "LCN2.json").read_text())["samples"]
    known = sorted(sample["log2"] for sample in samples)
    drawn = sorted(value for line in lines for value in line["y"])
    assert drawn == pytest.approx(known, abs=0.006)


def test_a_click_on_a_point_of_the_volcano_shows_that_gene(explore, tables):
    page = explore()
    best = min(tables["response"], key=lambda row: int(row["rank"]) if row["rank"] != "NA" else 10**9)
    place = page.evaluate(
        """([change, p]) => {
            const plot = document.getElementById("volcano"), {xaxis, yaxis} = plot._fullLayout;
            plot.scrollIntoView({block: "center"});
            const box = plot.getBoundingClientRect();
            return [box.x + xaxis._offset + xaxis.l2p(change), box.y + yaxis._offset + yaxis.l2p(-Math.log10(p))];
        }""",
        [float(best["log2_fold_change"]), float(best["p_value"])],
    )
    page.mouse.move(*place)
    page.locator("#volcano .hoverlayer", has_text=best["gene_symbol"]).wait_for(state="attached")
    page.mouse.click(*place)
    page.locator("#gene-name", has_text=best["gene_symbol"]).wait_for()
    assert best["gene_symbol"] in page.locator("#slopes-said").inner_text()


def test_the_volcano_counts_what_the_table_counts(explore, tables, titles):
    page = explore()
    for name, rows in tables.items():
        ask(page, titles[name])
        tested = [row for row in rows if row["status"] == "tested"]
        passing = [float(row["log2_fold_change"]) > 0 for row in tested if float(row["fdr"]) < 0.05]
        said = f"Of {len(tested)} tested genes {sum(passing)} "
        page.locator("#volcano-said", has_text=said).wait_for()
        assert f" and {len(passing) - sum(passing)} " in page.locator("#volcano-said").inner_text()
        drawn = page.evaluate("() => document.getElementById('volcano').data.map(({mode, x}) => [mode, x.length])")
        assert sum(points for mode, points in drawn if mode == "markers") == len(tested)


def test_the_table_sorts_and_filters(explore, tables):
    page = explore()
    tested = [row for row in tables["response"] if row["status"] == "tested"]
    assert column(page, "rank") == [str(rank) for rank in range(1, 11)]
    page.locator("#genes thead th", has_text="log2 fold change").first.click()
    up = sorted(tested, key=lambda row: float(row["log2_fold_change"]))
    shows(page, [row["gene_symbol"] for row in up[:10]])
    page.locator("#genes thead th", has_text="log2 fold change").first.click()
    down = [row["gene_symbol"] for row in reversed(up)]
    shows(page, down[:10])
    page.locator(".dt-search input").first.fill("LCE")
    matching = [name for name in down if "LCE" in name]
    page.locator(".dt-info", has_text=f"of {len(matching)} genes").wait_for()
    shows(page, matching[:10])
    name, text = download(page, "#download-shown")
    assert name == "response.shown.tsv"
    assert [row["gene_symbol"] for row in rows_of(text)] == matching


def test_a_column_filters_by_its_own_box(explore, tables):
    page = explore()
    page.get_by_label("Filter: gene", exact=True).fill("KRT1")
    matching = {row["gene_symbol"] for row in tables["response"] if "KRT1" in row["gene_symbol"]}
    page.locator(".dt-info", has_text=f"of {len(matching)} genes").wait_for()
    assert set(column(page, "gene")) <= matching
    page.locator("#genes .pick", has_text="KRT10").first.click()
    page.locator("#gene-name", has_text="KRT10").wait_for()


def test_the_download_is_the_table(explore, tables, titles, small_results):
    page = explore()
    for name, rows in tables.items():
        ask(page, titles[name])
        page.locator("#genes-said", has_text=titles[name].split(" minus ")[0]).wait_for()
        file, text = download(page, "#download-tsv")
        assert file == f"{name}.tsv"
        header = (small_results / "tables" / file).read_text(encoding="utf-8").splitlines()[0]
        assert text.splitlines()[0] == header
        found = rows_of(text)
        assert len(found) == len(rows)
        wrong = [
            (row["gene_id"], key)
            for row, full in zip(found, rows, strict=True)
            for key, value in full.items()
            if not (row[key] == value if key in ("gene_id", "gene_symbol", "flag", "status") else same(row[key], value))
        ]
        assert wrong == []


def test_the_switch_leads_to_the_question_of_its_sex_and_compartment(explore, titles):
    page = explore()
    asked = page.locator("#question")

    def now():
        return asked.evaluate("select => select.selectedOptions[0].text")

    for column_, choice in (("sex", "male"), ("sex", "female"), ("sex", "all"), ("compartment", "dermis")):
        page.locator(f"input[name={column_}][value='{choice}']").check()
        assert now() == ("all patients" if choice == "all" else choice)
    # Nobody asked for one sex within one compartment.
    assert page.locator("input[name=sex][value=male]").is_disabled()
    page.locator("input[name=compartment][value=all]").check()
    page.locator("input[name=sex][value='male minus female']").check()
    assert now() == "male minus female"
    ask(page, titles["response_compartment_epidermis"])
    assert page.locator("input[name=compartment][value=epidermis]").is_checked()
    assert page.locator("input[name=sex][value=all]").is_checked()


def test_the_plot_switches_to_means_and_back(explore):
    page = explore()
    page.locator("#view").select_option("ma")
    title = "() => document.getElementById('volcano')._fullLayout.xaxis.title.text"
    page.wait_for_function(f"() => ({title})().startsWith('mean')")
    page.locator("#view").select_option("volcano")
    page.wait_for_function(f"() => !({title})().startsWith('mean')")
