"""Counts of eight patients at three visits, each with a dose per kilogram; seeded, the same bytes each time."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
DOSES = (0.21, 0.34, 0.45, 0.52, 0.63, 0.74, 0.88, 0.97)
VISITS = ("baseline", "week1", "week8")

rng = np.random.default_rng(20)
rows = [(f"P{i + 1}_{v}", f"P{i + 1}", v, dose) for i, dose in enumerate(DOSES) for v in VISITS]
sheet = pd.DataFrame(rows, columns=["sample", "patient", "timepoint", "dose"])
genes = 400
mean = rng.lognormal(5, 1.2, genes)
person = rng.normal(0, 0.4, (8, genes))
slope = np.where(np.arange(genes) % 8 == 0, 1.5, 0.0)
later = np.where(np.arange(genes) % 5 == 0, 1.0, 0.0)
counts = []
for _, patient, visit, dose in rows:
    shift = person[int(patient[1:]) - 1]
    shift = shift + (visit != "baseline") * slope * (dose - np.mean(DOSES)) + (visit == "week8") * later
    rate = rng.gamma(1 / 0.08, mean * 2**shift * rng.uniform(0.7, 1.4) * 0.08)
    counts.append(rng.poisson(rate))
frame = pd.DataFrame(np.column_stack(counts), columns=sheet["sample"], index=[f"g{i:03d}" for i in range(genes)])
sheet.to_csv(HERE / "sheet.csv", index=False)
with (HERE / "counts.csv.gz").open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed:
    packed.write(frame.to_csv(index_label="gene").encode())
