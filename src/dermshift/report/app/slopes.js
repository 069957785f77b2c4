// Slopes: the chosen gene in every patient, one panel per compartment, one colour per sex.
const courses = (values) => {
  const found = new Map();
  data.samples.forEach(({ patient, time, sex, place }, sample) => {
    if (time < 0 || values[sample] === data.missing) return;
    const key = JSON.stringify([place, sex, patient]);
    if (!found.has(key)) found.set(key, { place, sex, patient, levels: [] });
    found.get(key).levels[time] ??= values[sample] / data.steps;
  });
  return [...found.values()].filter(({ levels: seen }) => seen[0] !== undefined && seen[1] !== undefined);
};

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
};

const one = ({ patient, levels: seen, sex }, panel, fill, legend) => ({
  type: "scatter", mode: "lines+markers", x: data.times, y: data.times.map((_, time) => seen[time] ?? null),
  name: literal(sex.replaceAll("_", " ") || "patient"), legendgroup: sex, showlegend: legend,
  xaxis: `x${panel}`, yaxis: "y",
  line: { color: fill, width: 1.5 }, marker: { color: fill, size: 6 }, opacity: 0.75,
  hovertemplate: `${literal(patient)}: %{y:.2f}<extra></extra>`,
});

const middle = (members, panel, legend) => ({
  type: "scatter", mode: "lines", x: data.times, name: "median of the pairs", showlegend: legend,
  y: data.times.map((_, time) => {
    const seen = members.map(({ levels: values }) => values[time]).filter((value) => value !== undefined);
    return seen.length ? median(seen) : null;
  }),
  xaxis: `x${panel}`, yaxis: "y", line: { color: shade("ink"), width: 4 }, hovertemplate: "median: %{y:.2f}<extra></extra>",
});

const drawSlopes = async (gene) => {
  const known = await genes();
  const values = (await levels()).subarray(gene * data.samples.length, (gene + 1) * data.samples.length);
  const all = courses(values);
  const places = [...new Set(all.map(({ place }) => place))].sort();
  const seen = new Set();
  const traces = places.flatMap((place, number_) => {
    const panel = number_ ? number_ + 1 : "";
    const members = all.filter((course) => course.place === place);
    const drawn = members.map((course) => {
      const legend = !seen.has(course.sex);
      seen.add(course.sex);
      return one(course, panel, data.colours.sex[course.sex] ? colour(data.colours.sex[course.sex]) : shade("soft"), legend);
    });
    return [...drawn, middle(members, panel, !number_)];
  });
  const wide = 1 / Math.max(1, places.length);
  const pixels = (at("slopes").clientWidth - 80) * wide;
  const names = places.map((place) => wrapped(place.replaceAll("_", " "), pixels));
  const narrow = pixels < 150;
  const layout = { ...canvas(), yaxis: axis(data.unit), hovermode: "closest", annotations: synthetic(narrow ? 62 : 30),
    ...headed(at("slopes"), `${nameOf(known, gene)} in every patient`, 12 + LINE * Math.max(1, ...names.map((lines_) => lines_.length))),
    legend: { orientation: "h", y: 0, yanchor: "bottom", yref: "container", x: 0 } };
  layout.margin.b = narrow ? 120 : 90;
  places.forEach((place, number_) => {
    const domain = [number_ * wide + (number_ ? 0.02 : 0), (number_ + 1) * wide];
    layout[`xaxis${number_ ? number_ + 1 : ""}`] = { ...axis(""), domain, range: [-0.25, data.times.length - 0.75], fixedrange: true,
      tickangle: narrow ? -40 : 0 };
    layout.annotations.push({ text: `<b>${names[number_].map(literal).join("<br>")}</b>`, align: "left", showarrow: false, xref: "paper", yref: "paper",
      x: domain[0], xanchor: "left", y: 1, yanchor: "bottom" });
  });
  const name = nameOf(known, gene);
  await Plotly.react(at("slopes"), traces, layout, controls(`slopes_${gene}`));
  const up = all.filter(({ levels: course }) => course[1] > course[0]).length;
  const said = all.length
    ? `${name} is higher at ${data.times[1]} than at ${data.times[0]} in ${up} of ${all.length} pairs of samples (${data.unit}).`
    : `${name} has no pair of measured samples.`;
  at("slopes-said").textContent = `${said} Thick: median. Levels of the samples, not the estimates of the model.`;
  at("slopes").setAttribute("aria-label", `Slopes. ${at("slopes-said").textContent}`);
};
