"""Configurations and gene-set files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from bad_input_cases.case import CHECK, Case, collected

if TYPE_CHECKING:
    from collections.abc import Callable

    from bad_input_cases.good import Study

CONFIGS: list[Case] = []


def text(study: Study, change: Callable[[str], str]) -> None:
    study.raw["config.yaml"] = change(json.dumps(study.config, indent=1)).encode()


def sets(study: Study, content: str) -> None:
    study.config["gene_sets"] = ["sets.gmt"]
    study.raw["sets.gmt"] = content.encode()


@collected(CONFIGS, "unknown_key", "a misspelt key of the configuration", CHECK)
def _(study: Study) -> None:
    study.config["study"]["matirx"] = study.config["study"].pop("matrix")


@collected(CONFIGS, "duplicate_key", "a key twice", CHECK)
def _(study: Study) -> None:
    text(study, lambda words: words.replace('"scale"', '"name"'))


@collected(CONFIGS, "alias", "a YAML alias", CHECK)
def _(study: Study) -> None:
    study.raw["config.yaml"] = b"study: &a {name: x}\nout: *a\n"


@collected(CONFIGS, "python_tag", "a YAML tag that would run Python", CHECK)
def _(study: Study) -> None:
    study.raw["config.yaml"] = b"study: !!python/object/apply:os.system ['touch x']\n"


@collected(CONFIGS, "templating", "a templating key that would run Python", CHECK)
def _(study: Study) -> None:
    study.config["__use_yte__"] = "true"


@collected(CONFIGS, "no_yaml", "no YAML at all", CHECK)
def _(study: Study) -> None:
    study.raw["config.yaml"] = b"study: [unclosed\n"


@collected(CONFIGS, "tab_in_yaml", "a tab for indentation", CHECK)
def _(study: Study) -> None:
    study.raw["config.yaml"] = b"study:\n\tname: x\n"


@collected(CONFIGS, "deep_yaml", "lists nested ten thousand deep", CHECK)
def _(study: Study) -> None:
    study.raw["config.yaml"] = b"study: " + b"[" * 10_000


@collected(CONFIGS, "wrong_values", "values outside their range", CHECK)
def _(study: Study) -> None:
    study.config["analysis"] = {"alpha": "2", "min_count": "many", "shrink": "perhaps"}
    study.config["study"]["scale"] = "tpm"


@collected(CONFIGS, "hostile_study_name", "a path as the name of the study", CHECK)
def _(study: Study) -> None:
    study.config["study"]["name"] = "../../x"


@collected(CONFIGS, "brace_in_path", "a brace in a path", CHECK)
def _(study: Study) -> None:
    study.config["out"] = "results{x}"


@collected(CONFIGS, "sets_missing", "a gene-set file that is not there", CHECK)
def _(study: Study) -> None:
    study.config["gene_sets"] = ["nowhere.gmt"]


@collected(
    CONFIGS, "sets_malformed", "lines of a gene-set file without genes or without a name, and a name twice", CHECK
)
def _(study: Study) -> None:
    sets(study, "EMPTY\tdescription\n\tno name\tBAX\nTWICE\t\tBAX\nTWICE\t\tBAK1\n")


@collected(CONFIGS, "sets_with_commas", "a gene-set file with commas for tabs", CHECK)
def _(study: Study) -> None:
    sets(study, "APOPTOSIS,description,BAX,BAK1\n")


@collected(CONFIGS, "declared_unknown", "a declared collection that no file holds", CHECK)
def _(study: Study) -> None:
    sets(study, "APOPTOSIS\tdescription\tBAX\tBAK1\n")
    study.config["declared"] = ["apoptosis"]


@collected(CONFIGS, "sex_genes_wrong", "a table of sex genes with words for numbers")
def _(study: Study) -> None:
    study.raw["sex_genes.tsv"] = b"gene_symbol\tensembl_id\tsex\thigh_cpm\tlow_cpm\nXIST\tE1\tfemale\thigh\t2\n"


@collected(CONFIGS, "genes_without_columns", "a table of known genes without its columns")
def _(study: Study) -> None:
    study.raw["genes.tsv"] = b"symbol\tid\nBAX\tENSG00000087088\n"
