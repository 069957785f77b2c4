from __future__ import annotations

import gzip
import io

import pandas as pd

from dermshift.simulate import read_truth, render, simulate, write_example


def test_files_hold_what_was_simulated(study, tmp_path):
    folder = tmp_path / "made"
    paths = write_example(study, folder)
    assert sorted(p.name for p in folder.iterdir()) == sorted(p.name for p in paths)
    counts = pd.read_csv(folder / "counts.tsv.gz", sep="\t", index_col="gene_id")
    pd.testing.assert_frame_equal(counts, study.counts, check_dtype=False, check_index_type=False)
    sheet = pd.read_csv(folder / "samples.tsv", sep="\t", dtype=str, index_col="sample")
    pd.testing.assert_frame_equal(sheet, study.sheet, check_dtype=False, check_index_type=False)
    truth = read_truth(folder / "truth.tsv")
    pd.testing.assert_frame_equal(truth, study.truth, check_dtype=False)


def test_the_compressed_file_carries_no_time_and_no_name(study):
    packed = render(study)["counts.tsv.gz"]
    assert packed[3] == 0
    assert packed[4:8] == bytes(4)
    assert gzip.decompress(packed).startswith(b"gene_id\tgene_name\tP01_baseline_epidermis\t")


def test_every_text_says_synthetic(study):
    files = render(study)
    assert files["truth.tsv"].startswith(b"# synthetic, seed 3: assumed changes")
    assert b"Synthetic" in files["README.md"]
    sheet = pd.read_csv(io.BytesIO(files["samples.tsv"]), sep="\t", dtype=str)
    assert (sheet["synthetic"] == "true").all()


def test_the_readme_names_the_command_and_the_traps(small):
    chosen = {"preset": "small", "layout": "bulk", "eczema_noise": True, "males": 2}
    readme = render(simulate(small(traps=("low_gland", "missing_pair"), **chosen)))["README.md"].decode()
    choices = "--seed 3 --preset small --layout bulk --eczema-noise --genes 400 --males 2"
    assert f"dermshift simulate --out FOLDER {choices} --trap low_gland --trap missing_pair\n" in readme
    assert "Traps planted: low_gland, missing_pair." in readme
    assert "6 patients (4 female, 2 male)" in readme


def test_writing_twice_replaces_the_files(study, tmp_path):
    write_example(study, tmp_path)
    (tmp_path / "samples.tsv").write_text("spoilt")
    write_example(study, tmp_path)
    assert (tmp_path / "samples.tsv").read_bytes() == render(study)["samples.tsv"]
