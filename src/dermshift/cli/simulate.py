"""``dermshift simulate``: a synthetic study with a known answer."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Target = Annotated[Path, typer.Option("--out", help="Folder that receives counts, sheet, truth table and README.")]
Traps = Annotated[
    list[str], typer.Option(help="Trap to plant, a name of DATA/simulation/traps.tsv; repeat for several.")
]
Kept = Annotated[list[str], typer.Option(help="Keep the libraries of this compartment only; repeat for several.")]
Data = Annotated[Path, typer.Option(help="Folder of the tables the simulator starts from.")]
Count = Annotated[int | None, typer.Option(help="Overrides the preset.")]


def simulate(
    out: Target,
    seed: Annotated[int, typer.Option(help="Seed of the only random generator.")],
    preset: Annotated[str, typer.Option(help="A column of DATA/simulation/settings.tsv.")] = "default",
    layout: Annotated[str, typer.Option(help="compartments or bulk.")] = "compartments",
    trap: Traps = [],  # noqa: B006 -- read by typer once, never changed
    eczema_noise: Annotated[bool, typer.Option(help="Noise of inflamed skin.")] = False,
    genes: Count = None,
    females: Count = None,
    males: Count = None,
    compartment: Kept = [],  # noqa: B006
    data: Data = Path("data"),
    gene_seed: Annotated[int | None, typer.Option(help="Seed of levels, changes and noise; else --seed.")] = None,
    absent: Annotated[list[str], typer.Option(help="Panel whose changes are left out; repeat for several.")] = [],  # noqa: B006
    reverse: Annotated[list[str], typer.Option(help="Panel planted with the opposite sign.")] = [],  # noqa: B006
) -> None:
    """Make a synthetic study, the same bytes for the same settings."""
    from dermshift.simulate import Settings, write_example
    from dermshift.simulate import simulate as make

    kept = tuple(compartment) or None
    settings = Settings(
        seed, preset, layout, tuple(trap), eczema_noise, genes, females, males, kept, data, gene_seed, tuple(absent),
        tuple(reverse),
    )  # fmt: skip
    for path in write_example(make(settings), out):
        print(path)
