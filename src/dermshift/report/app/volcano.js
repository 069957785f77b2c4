// Every tested gene of a question: effect against p-value (volcano), or against mean (MA); a click chooses the gene.
const HIGHEST = 320; // p-values below 1e-320 are no numbers a table can hold

const groupsOf = (columns, question) => {
  const groups = [
    { name: "not passing", colour: shade("faint"), genes: [], size: 5 },
    { name: question.down, colour: colour(data.colours.down), genes: [], size: 6 },
    { name: question.up, colour: colour(data.colours.up), genes: [], size: 6 },
  ];
  columns.gene_id.forEach((_, gene) => {
    if (columns.status[gene] !== "tested" || columns.p_value[gene] === "NA") return;
    const passes = number(columns.fdr[gene]) < data.alpha;
    groups[passes ? (number(columns.log2_fold_change[gene]) > 0 ? 2 : 1) : 0].genes.push(gene);
  });
  return groups;
};

const isMa = () => at("view").value === "ma";

const meanOf = (columns, gene) => {
  const mean = number(columns.base_mean[gene]);
  return data.counts ? Math.log2(mean) : mean;
};

const point = (columns, gene) => (isMa()
  ? [meanOf(columns, gene), number(columns.log2_fold_change[gene])]
  : [number(columns.log2_fold_change[gene]), Math.min(HIGHEST, -Math.log10(number(columns.p_value[gene])))]);

const marks = (columns, known, { name, colour: fill, genes: members, size }) => ({
  type: "scatter", mode: "markers", name: `${literal(name)} (${members.length.toLocaleString("en")})`,
  x: members.map((gene) => point(columns, gene)[0]), y: members.map((gene) => point(columns, gene)[1]),
  customdata: members, marker: { color: fill, size, line: { width: 0 }, opacity: 0.8 },
  text: members.map((gene) => hoverText(columns, known, gene)), hovertemplate: "%{text}<extra></extra>",
});

const hoverText = (columns, known, gene) => [
  `<b>${literal(nameOf(known, gene))}</b>`,
  `${columns.log2_fold_change[gene]} log2 [${columns.ci_lower[gene]}, ${columns.ci_upper[gene]}]`,
  `p ${columns.p_value[gene]}, FDR ${columns.fdr[gene]}`,
].join("<br>");

const labelled = (columns, known, chosen) => {
  const named = [...new Set([...data.named.map(({ gene }) => gene), chosen])];
  const shown = named.filter((gene) => columns.status[gene] === "tested" && columns.p_value[gene] !== "NA");
  return {
    type: "scatter", mode: "markers+text", showlegend: false, customdata: shown, cliponaxis: false,
    x: shown.map((gene) => point(columns, gene)[0]), y: shown.map((gene) => point(columns, gene)[1]),
    text: shown.map((gene) => `<b>${literal(nameOf(known, gene))}</b>`), textposition: "top center",
    marker: { size: shown.map((gene) => (gene === chosen ? 13 : 10)), color: "rgba(0,0,0,0)",
      line: { width: 2, color: shade("ink") } },
    hovertext: shown.map((gene) => hoverText(columns, known, gene)), hovertemplate: "%{hovertext}<extra></extra>",
  };
};

const drawVolcano = async (state, choose) => {
  const [columns, known, question] = [await table(state.question), await genes(), data.questions[state.question]];
  const groups = groupsOf(columns, question);
  const passing = [...groups[1].genes, ...groups[2].genes].map((gene) => number(columns.p_value[gene]));
  const limit = passing.length ? -Math.log10(Math.max(...passing)) : null;
  const shapes = limit === null || isMa() ? [] : [{ type: "line", xref: "paper", x0: 0, x1: 1, y0: limit, y1: limit,
    line: { color: shade("soft"), width: 1, dash: "dash" } }];
  const room = at("volcano").clientWidth - 80;
  const under = isMa() ? 0 : LINE * 1.25 * (wrapped(question.effect, room).length - 1);
  const effect = { ...axis(question.effect, isMa() ? at("volcano").clientHeight - 200 : room), zeroline: true, zerolinecolor: shade("soft") };
  const axes = isMa() ? { xaxis: axis(data.counts ? "mean, log2 normalised counts" : "mean, log2"), yaxis: effect }
    : { xaxis: effect, yaxis: { ...axis("−log10 p"), rangemode: "tozero" } };
  const layout = { ...canvas(), ...axes, shapes, hovermode: "closest", ...headed(at("volcano"), question.heading, 58), annotations: synthetic(48 + under),
    legend: { orientation: "h", y: 1, yanchor: "bottom", x: 0 } };
  layout.margin.b += under;
  const traces = [...groups.map((group) => marks(columns, known, group)), labelled(columns, known, state.gene)];
  const plot = at("volcano");
  await Plotly.react(plot, traces, layout, controls(`${at("view").value}_${question.id}`));
  plot.removeAllListeners("plotly_click");
  plot.on("plotly_click", (event) => choose(event.points[0].customdata));
  const line = limit === null ? "; no gene passes" : isMa() ? "" : "; the dashed line is the largest p that passes";
  at("volcano-said").textContent = `${question.heading}. ${data.caution} ${question.positive} ${question.who}. Of `
    + `${groups.reduce((sum, { genes: members }) => sum + members.length, 0).toLocaleString("en")} tested genes `
    + `${groups[2].genes.length.toLocaleString("en")} ${question.up} and ${groups[1].genes.length.toLocaleString("en")} `
    + `${question.down} at FDR ${data.alpha * 100} %${line}. ${question.notes.join(". ")}`;
  plot.setAttribute("aria-label", `${isMa() ? "MA" : "Volcano"} plot. ${at("volcano-said").textContent}`);
};
