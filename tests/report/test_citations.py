from __future__ import annotations

import re
from dataclasses import replace

import pytest

from dermshift.engines import ENGINES
from dermshift.enrich import METHODS
from dermshift.report.citations import ALWAYS, OWN_DOIS, bibtex, cited, keys_of, reference, shelf
from dermshift.report.methods import methods


def test_everything_a_study_can_use_is_on_the_shelf():
    used = [item.meta.doi for item in ENGINES] + [item.meta.doi for item in METHODS] + list(OWN_DOIS.values())
    assert [doi for doi in used if doi not in shelf()] == []
    needed = {item.meta.extra for item in (*ENGINES, *METHODS)} - {""}
    assert needed <= set(OWN_DOIS)
    assert set(ALWAYS) <= set(OWN_DOIS)


def test_the_shelf_is_sound_bibtex():
    for item in shelf().values():
        assert item.entry.count("{") == item.entry.count("}")
        assert item.entry.endswith("\n}")
        assert re.fullmatch(r"[A-Z][\w, .-]+ \(\d{4}\)\. .+\. .+: .+\. doi:10\.\d{4,}/\S+", item.text), item.text
        assert not re.search(r"[{}\\]", item.text), item.text
    keys = [item.key for item in shelf().values()]
    assert len(set(keys)) == len(keys)


@pytest.fixture
def facts(make_facts):
    known = make_facts()
    fit = known.fits[0]
    meta = fit["engine"] | {"doi": "10.1186/s13059-014-0550-8"}
    fit |= {"engine": meta, "options": fit["options"] | {"shrink": True}}
    method = {"name": "fry", "doi": "10.1093/bioinformatics/btq401", "extra": "pylimma", "summary": "rotates"}
    file = {"path": "h.gmt", "sha256": "cd", "source": "Hallmark, MSigDB (doi:10.1016/j.cels.2015.12.004)",
            "release": "1", "licence": "CC BY 4.0"}  # fmt: skip
    return replace(known, fits=[fit], enrichment=known.enrichment | {"methods": [method], "gene_sets": [file]})


def test_a_study_cites_what_it_used_once(facts):
    keys = [item.key for item in cited(facts)]
    assert keys[:5] == ["dermshift", "love2014", "muzellec2023", "zhu2019", "benjamini1995"]
    assert {"wu2010", "ritchie2015", "liberzon2015"} <= set(keys)
    assert len(set(keys)) == len(keys)
    assert not {"law2014", "smyth2005", "barbie2009"} & set(keys)


def test_the_text_cites_what_the_list_holds_and_nothing_else(facts):
    text, _, listed = methods(facts).partition("## References")
    marks = set(re.findall(r"\[([a-z_]+\d*\w*)\]", text))
    assert marks == {item.key for item in cited(facts)}
    assert re.findall(r"^- \[(\w+)\]", listed, re.MULTILINE) == [item.key for item in cited(facts)]
    assert re.findall(r"^@\w+\{(\w+),$", bibtex(cited(facts)), re.MULTILINE) == [item.key for item in cited(facts)]


def test_no_shrinkage_and_no_sets_cite_nothing_for_them(facts):
    fit = facts.fits[0] | {"options": facts.fits[0]["options"] | {"shrink": False}}
    keys = {item.key for item in cited(replace(facts, fits=[fit], enrichment={"gene_sets": []}))}
    assert not {"zhu2019", "wu2010"} & keys


def test_an_unknown_doi_is_cited_by_itself():
    item = reference("10.1234/Some.Thing-9")
    assert item.key == "doi_10_1234_some_thing_9"
    assert item.text == "doi:10.1234/Some.Thing-9"
    assert bibtex([item]) == "@misc{doi_10_1234_some_thing_9,\n  doi = {10.1234/Some.Thing-9},\n}\n"


def test_a_method_whose_package_has_its_own_paper_is_cited_once():
    assert keys_of({"doi": "10.1093/bioinformatics/btac757", "extra": "gseapy"}) == "[fang2023]"
