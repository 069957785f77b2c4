"""A synthetic study as files, the same bytes each time."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    from dermshift.simulate.settings import Settings
    from dermshift.simulate.study import Simulated

README = """# Synthetic example study

**Nobody's data.** The counts are drawn from a random generator. Panel genes bear their real names, all other genes
plainly synthetic ones (`SYN00001`...). Every change in `truth.tsv` is assumed; none is a published effect.

| file | what |
|---|---|
| `counts.tsv.gz` | {genes} genes x {samples} samples, whole numbers; `gene_id`, `gene_name`, then the samples |
| `samples.tsv` | {patients} patients ({females} female, {males} male), `synthetic` is true in every row |
| `truth.tsv` | the assumed log2 fold change of every gene; `all` holds for every compartment or for both sexes |

Layout: {layout}. Traps planted: {traps}. Made, byte for byte, by

    {command}
"""


def command(settings: Settings) -> str:
    """Return the command line that makes the study, the folder left open: its name must not enter the files."""
    words = ["dermshift simulate --out FOLDER", f"--seed {settings.seed}"]
    words += [f"--preset {settings.preset}"] * (settings.preset != "default")
    words += [f"--layout {settings.layout}"] * (settings.layout != "compartments")
    words += ["--eczema-noise"] * settings.eczema_noise
    for name in ("gene_seed", "genes", "females", "males"):
        words += [f"--{name.replace('_', '-')} {getattr(settings, name)}"] * (getattr(settings, name) is not None)
    words += [f"--compartment {name}" for name in settings.compartments or ()]
    words += [f"--absent {panel}" for panel in settings.absent]
    words += [f"--reverse {panel}" for panel in settings.reversed]
    return " ".join(words + [f"--trap {trap}" for trap in settings.traps])


def render(simulated: Simulated) -> dict[str, bytes]:
    """Return the files of a study, name to content."""
    sheet = simulated.sheet
    sex = sheet.drop_duplicates("patient")["sex"]
    readme = README.format(
        genes=f"{len(simulated.counts):,}",
        samples=len(sheet),
        patients=sheet["patient"].nunique(),
        females=(sex == "female").sum(),
        males=(sex == "male").sum(),
        layout=simulated.settings.layout,
        traps=", ".join(simulated.settings.traps) or "none",
        command=command(simulated.settings),
    )
    header = f"# synthetic, seed {simulated.settings.seed}: assumed changes, after minus before; no published effects\n"
    return {
        "counts.tsv.gz": _gzip(_tsv(simulated.counts, index=True)),
        "samples.tsv": _tsv(sheet, index=True),
        "truth.tsv": header.encode() + _tsv(simulated.truth, index=False),
        "README.md": readme.encode(),
    }


def write_example(simulated: Simulated, folder: Path) -> list[Path]:
    """Write `counts.tsv.gz`, `samples.tsv`, `truth.tsv` and `README.md` into `folder`; return their paths."""
    files = render(simulated)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        part = folder / f".{name}.part"
        part.write_bytes(content)
        part.replace(folder / name)
    return [folder / name for name in files]


def read_truth(path: Path) -> pd.DataFrame:
    """Read a truth table; text columns stay text, ``log2_fold_change`` is a number."""
    return pd.read_csv(path, sep="\t", comment="#", keep_default_na=False, dtype={"log2_fold_change": float})


def _tsv(frame: pd.DataFrame, *, index: bool) -> bytes:
    return frame.to_csv(sep="\t", index=index, lineterminator="\n").encode()


def _gzip(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=9, fileobj=buffer, mtime=0) as file:
        file.write(content)
    return buffer.getvalue()
