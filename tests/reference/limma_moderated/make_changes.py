"""Changes of seven patients for make.R: seeded, the same bytes each time."""

import numpy as np
import pandas as pd

rng = np.random.default_rng(20)
sd = np.sqrt(0.2 * 4 / rng.chisquare(4, 150))
noise = rng.normal(0, 1, (7, 150)) * sd
changes = pd.DataFrame(noise + np.where(rng.random(150) < 0.2, 1.0, 0))
changes.index = [f"P{i + 1}" for i in range(7)]
changes.columns = [f"g{j + 1}" for j in range(150)]
changes.round(6).T.to_csv("changes.csv")
