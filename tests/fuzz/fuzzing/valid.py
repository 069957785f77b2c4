"""Sound files of every kind, small; each is read without a refusal before it is damaged."""

from __future__ import annotations

SAMPLES = [f"P{patient}_{visit}" for patient in (1, 2, 3, 4) for visit in ("before", "after")]


def table(rows: list[list[object]], separator: str = "\t") -> bytes:
    return "".join(separator.join(map(str, row)) + "\n" for row in rows).encode()


GENES_OF = [f"ENSG000000000{place:02d}" for place in range(12)]
MATRIX = table(
    [["gene_id", "gene_name", *SAMPLES]]
    + [[gene, f"GENE{n}", *[(n * 37 + s * 11) % 900 for s in range(8)]] for n, gene in enumerate(GENES_OF)]
)
SHEET = table(
    [["sample", "patient", "timepoint", "sex"]]
    + [[name, *name.split("_"), "female" if name[1] in "12" else "male"] for name in SAMPLES]
)
GMT = b"APOPTOSIS\tdescription\tBAX\tBAK1\tBID\nGLAND\t\tPLIN2\tMC5R\n"
GENES = b"""\
gene_symbol\tensembl_id\tprevious_symbols\taliases
LCN2\tENSG00000148346\t\tNGAL;24p3
BAX\tENSG00000087088\t\t
"""
SEX_GENES = b"""\
gene_symbol\tensembl_id\tsex\thigh_cpm\tlow_cpm
XIST\tENSG00000229807\tfemale\t10\t2
ZFY\tE2\tmale\t4\tNA
"""
PROBES = b"""\
^Annotation
!Annotation_platform = GPL571
#ID = x
!platform_table_begin
ID\tGene symbol
1_at\tBAX
2_at\tA///B
!platform_table_end
"""
SERIES = b"""\
!Series_title\t"Skin"
!Series_geo_accession\t"GSE1"
!Series_platform_id\t"GPL571"

!Sample_title\t"a"\t"b"
!Sample_geo_accession\t"P1_before"\t"P1_after"
!Sample_characteristics_ch1\t"Patient ID: 1"\t"time point: week 1"
!Sample_data_row_count\t"2"\t"2"
!series_matrix_table_begin
"ID_REF"\t"P1_before"\t"P1_after"
"1_at"\t1.5\t2.5
"2_at"\t3.5\tnull
!series_matrix_table_end
"""
CONFIG = b"""\
study:
  name: trial
  matrix: counts.tsv
  samples: samples.tsv
  columns: {patient: patient, timepoint: timepoint, sex: sex}
  timepoints: {before: before, after: after}
questions: [response, {by: sex}]
genes: {mediator: NGAL}
gene_sets: [data/a.gmt]
declared: [a]
analysis: {alpha: 0.05, min_count: 10, seed: 1}
out: results
"""
JSON = b'{"a": [1, 2.5, null, "x"], "b": {"c": true}}\n'
CONTRASTS = b"""\
id,variable,reference,target,blocking
early,timepoint,before,after,patient
late,timepoint,before,week12,patient
"""
FORMULAS = b"""\
id,formula,make_contrasts_str
early,~ patient + timepoint,timepointafter
by_sex,~ patient + timepoint + timepoint:sex,timepointafter.sexmale
random,~ timepoint + (1 | patient),timepointafter
"""
CONTRASTS_YAML = b"""\
contrasts:
  - id: early
    comparison: [timepoint, before, after]
    blocking_factors: [patient]
  - id: by_sex
    formula: "~ patient + timepoint + timepoint:sex"
    make_contrasts_str: timepointafter.sexmale
"""
NFCORE_SHEET = (
    b"sample,fastq_1,fastq_2,strandedness,patient,timepoint,sex\n"
    + table(
        [
            [name, "a_1.fq.gz", "a_2.fq.gz", "auto", *row.split("\t")[1:]]
            for name, row in zip(SAMPLES, SHEET.decode().splitlines()[1:], strict=True)
        ],
        ",",
    )
    + b"P1_before,b_1.fq.gz,b_2.fq.gz,auto,P1,before,female\n"
)
RSEM = table(
    [["gene_id", "transcript_id(s)", *SAMPLES]]
    + [[gene, "T1,T2", *[n * 37.5 + s for s in range(8)]] for n, gene in enumerate(GENES_OF)]
)
