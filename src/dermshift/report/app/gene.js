// The chosen gene: its numbers in every question, and the box that finds one.
const cell = (row, text, kind = "td") => {
  const made = document.createElement(kind);
  made.textContent = text;
  row.append(made);
  return made;
};

const drawGene = async (gene) => {
  const known = await genes();
  at("gene-name").textContent = `${nameOf(known, gene)} (${known.id[gene]})`;
  const rows = await Promise.all(data.questions.map(async (question, place) => {
    const columns = await table(place);
    const row = document.createElement("tr");
    cell(row, question.title, "th").scope = "row";
    const shown = ["log2_fold_change", "interval", "p_value", "fdr", "rank", "n_pairs"];
    shown.forEach((name) => {
      const text = name === "interval" ? `${columns.ci_lower[gene]} to ${columns.ci_upper[gene]}` : columns[name][gene];
      cell(row, text).className = "n";
    });
    cell(row, columns.status[gene].replaceAll("_", " "));
    return row;
  }));
  at("gene-rows").replaceChildren(...rows);
};

const matches = (known, typed, most) => {
  const wanted = typed.trim().toLowerCase();
  if (!wanted) return [];
  const names = known.symbol.map((symbol, gene) => [symbol, labels.get(gene) ?? "", known.id[gene]].map((text) => text.toLowerCase()));
  const ranks = names.map((given) => Math.min(...given.map((text) =>
    (text === wanted ? 0 : text.startsWith(wanted) ? 1 : text.includes(wanted) ? 2 : 9))));
  const found = [...ranks.keys()].filter((gene) => ranks[gene] < 9);
  return found.sort((a, b) => ranks[a] - ranks[b] || a - b).slice(0, most);
};

const listenToFind = async (choose) => {
  const known = await genes();
  at("find").addEventListener("input", () => {
    const found = matches(known, at("find").value, 20);
    at("found").replaceChildren(...found.map((gene) => {
      const option = document.createElement("option");
      option.value = known.symbol[gene] === "NA" ? known.id[gene] : known.symbol[gene];
      option.label = `${nameOf(known, gene)}, ${known.id[gene]}`;
      return option;
    }));
  });
  at("find-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const [gene] = matches(known, at("find").value, 1);
    at("find-said").textContent = gene === undefined ? `No gene is called “${at("find").value}”.` : "";
    if (gene !== undefined) choose(gene);
  });
};
