from __future__ import annotations

from dataclasses import replace

from dermshift.report.methods import methods


def merged(facts):
    cards = [card | {"libraries": [{"members": ["P1_a", "P1_b"]}] * 8} for card in facts.cards[:1]]
    return replace(facts, cards=[*cards, *facts.cards[1:]])


def test_merged_libraries_are_explained_for_counts(make_facts):
    text = methods(merged(make_facts()))
    assert "Questions over all compartments (all patients) have one library per patient and visit" in text
    assert "thinned binomially to equal depth" in text
    assert "(seed 0)" in text
    assert "counts of the patient's compartments are summed" in text


def test_merged_libraries_are_explained_for_log2_values(make_facts):
    text = methods(replace(merged(make_facts()), scale="log2"))
    assert "log2 values of the patient's compartments are averaged" in text
    assert "thinned" not in text


def test_single_libraries_need_no_explanation(make_facts):
    assert "Questions over all compartments" not in methods(make_facts())


def test_every_fit_names_its_dispersion_trend_and_prior(make_facts):
    text = methods(make_facts())
    assert "| fit | genes fitted | residual df | prior df | dispersion trend |" in text
    assert "| response | 3 | 3 | 4.76 | 0.0177 + 5.64 / mean |" in text


def test_a_flat_trend_and_an_engine_without_dispersions(make_facts):
    facts = make_facts()
    fit = facts.fits[0]
    flat = fit | {"record": fit["record"] | {"dispersion_trend": {"type": "mean", "mean": 0.25}}}
    assert "| 4.76 | mean, 0.25 |" in methods(replace(facts, fits=[flat]))
    assert "ispersions, by fit" not in methods(replace(facts, fits=[fit | {"record": {}}]))


def limma_fit(fit):
    meta = fit["engine"] | {"name": "limma", "extra": "pylimma", "takes": ["trend", "robust", "array_weights"]}
    options = fit["options"] | {"trend": True, "robust": False, "array_weights": True, "lfc_threshold": 0.5}
    record = {"n_genes_fitted": 20, "residual_df": 6, "s2_prior": {"min": 0.1, "median": 0.2, "max": 0.4}}
    return fit | {"engine": meta, "options": options, "record": record | {"df_prior": "infinite"}}


def test_a_moderated_fit_names_its_prior_and_its_choices(make_facts):
    facts = make_facts()
    text = methods(replace(facts, fits=[limma_fit(facts.fits[0])]))
    assert "| response | 20 | 6 | infinite | 0.2 (0.1 to 0.4) | fixed columns |" in text
    assert "Prior variance of this run: trend; the p-values test a change beyond 0.5 log2" in text
    assert "libraries weighed by their quality" in text
    assert "reference curve" not in text
    random = limma_fit(facts.fits[0])
    random["record"]["consensus_correlation"] = 0.25
    assert "| correlation 0.25, random block [smyth2005] |" in methods(replace(facts, fits=[random]))


def test_the_choice_of_probe_sets_is_stated(make_facts):
    found = {"probe_sets": "rule highest_mean: 2 probe sets", "probe_annotation": "2 of one gene, from GPL571.annot"}
    checks = [{"check": name, "verdict": "note", "evidence": text, "problems": []} for name, text in found.items()]
    text = methods(replace(make_facts(), checks=checks))
    assert "Probe sets: rule highest_mean: 2 probe sets." in text
    assert "Annotation of the probe sets: 2 of one gene, from GPL571.annot." in text


def test_the_scale_is_stated_with_its_evidence(make_facts):
    check = {
        "check": "scale",
        "verdict": "warning",
        "evidence": "looks like TPM; the configuration overrules",
        "problems": [],
    }
    assert "Scale: looks like TPM; the configuration overrules." in methods(replace(make_facts(), checks=[check]))


def test_gene_sets_name_their_release_and_what_became_of_their_symbols(make_facts):
    facts = make_facts()
    fetched = {"path": "sets:hallmark/1", "sha256": "ef", "source": "MSigDB", "release": "1", "licence": "CC BY 4.0"}
    counts = {"n_sets": 50, "n_symbols": 4384, "n_tested": 4000, "n_updated": 84, "n_not_tested": 0, "n_absent": 300}
    more = {
        "gene_sets": [*facts.enrichment["gene_sets"], fetched],
        "symbols": {"hallmark": counts | {"n_ambiguous": 0}},
    }
    text = methods(replace(facts, enrichment=facts.enrichment | more))
    assert "`data/apoptosis.gmt`, sha256 `cd`" in text
    assert "`sets:hallmark/1`, MSigDB, release 1, CC BY 4.0, sha256 `ef`" in text
    assert "`hallmark`: 4,384 symbols in 50 sets; 4,000 tested under their name; 84 tested under another name" in text
    assert "; 300 not in the matrix" in text
    assert "but not tested" not in text
