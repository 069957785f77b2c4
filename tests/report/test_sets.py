"""Where the configured genes stand, in a sentence each."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from dermshift import io
from dermshift.names import CONFIGURED_IN_SETS_COLUMNS
from dermshift.report.page import page
from dermshift.report.sets import standing
from dermshift.tables import require


def places(*rows):
    columns = ["gene_symbol", "set_name", "collection", "position", "in_leading_edge"]
    frame = pd.DataFrame(rows, columns=columns).assign(gene_id="G", n_ranked=9812)
    return require(frame, CONFIGURED_IN_SETS_COLUMNS, "test")


def test_a_gene_outside_the_declared_sets_says_so_and_names_its_sets(make_facts):
    found = places(
        ("LCN2", None, "apoptosis", 2, None),
        ("LCN2", "NGAL_AXIS", "ngal_axis", 2, "yes"),
        ("LCN2", "INFLAMMATION", "mechanisms", 2, "no"),
    )
    facts = replace(make_facts(), places={"response": found})
    (said,) = standing(facts)
    assert said.startswith("LCN2, all patients: place 3 of 9,812 from the most increased; in NGAL AXIS (in its leading")
    assert said.endswith("edge), INFLAMMATION; in no set of apoptosis.")
    assert "Where the genes named in the configuration stand" in page(facts)


def test_a_gene_in_no_set_stays_so_through_a_file(make_facts, tmp_path):
    found = places(("LCN2", "", "apoptosis", 2, None), ("LCN2", "NGAL_AXIS", "ngal_axis", 2, "no"))
    io.write_table(found, tmp_path / "places.tsv", CONFIGURED_IN_SETS_COLUMNS)
    read = io.read_table(tmp_path / "places.tsv", CONFIGURED_IN_SETS_COLUMNS)
    (said,) = standing(replace(make_facts(), places={"response": read}))
    assert said.endswith("in NGAL AXIS; in no set of apoptosis.")


def test_an_untested_gene_and_one_in_no_set(make_facts):
    lone = places(("LCN2", None, "apoptosis", None, None))
    facts = replace(make_facts(), places={"response": lone})
    assert standing(facts) == ["LCN2, all patients: not ranked; in no set."]
    assert "Where the genes" not in page(make_facts())
