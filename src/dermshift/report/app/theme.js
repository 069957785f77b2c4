// Light or dark: as the system says until the reader chooses. Plots take their colours from the page.
const dark = () => {
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
};

const shade = (name) => {
  const probe = at("probe");
  probe.style.color = `var(--${name})`;
  return getComputedStyle(probe).color;
};

const paint = () => {
  document.documentElement.classList.toggle("dark", dark());
  at("theme").textContent = dark() ? "Light" : "Dark";
  at("theme").setAttribute("aria-label", dark() ? "Show the page light" : "Show the page dark");
};

const axis = (title, pixels = Infinity) => ({
  title: { text: broken(title, pixels), standoff: 8 },
  color: shade("ink"), gridcolor: shade("rule"), zeroline: false, linecolor: shade("soft"), ticks: "outside",
  tickcolor: shade("soft"), automargin: true,
});

const canvas = () => ({
  paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
  font: { family: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif", size: 13, color: shade("ink") },
  hoverlabel: { bgcolor: shade("page"), bordercolor: shade("soft"), font: { color: shade("ink") }, align: "left" },
  modebar: { bgcolor: "rgba(0,0,0,0)", color: shade("faint"), activecolor: shade("ink") },
  margin: { l: 56, r: 12, t: 40, b: 48 },
});

// The colours of the figures, lighter on a dark page.
const colour = (hex) => {
  if (!dark()) return hex;
  const parts = [1, 3, 5].map((place) => Math.round(parseInt(hex.slice(place, place + 2), 16) * 0.7 + 255 * 0.3));
  return `rgb(${parts.join(",")})`;
};

// What a plot says wherever it is copied to: its title, and that data are synthetic.
const wrapped = (text, pixels) => {
  const lines = [""];
  text.split(" ").forEach((word) => {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length * 7.5 <= pixels || !lines.at(-1)) lines[lines.length - 1] = longer;
    else lines.push(word);
  });
  return lines;
};

const broken = (text, pixels) => wrapped(text, pixels).map(literal).join("<br>");

const LINE = 16; // pixels

// The title above what else stands there, and the room both take.
const headed = (plot, text, more) => {
  const lines = wrapped(text, plot.clientWidth - 130);
  const title = { text: `<b>${lines.map(literal).join("<br>")}</b>`, x: 0, xref: "paper", xanchor: "left", y: 1, yref: "container",
    yanchor: "top", pad: { t: 8 + LINE / 2 * (lines.length - 1) }, font: { size: 13 } };
  return { title, margin: { ...canvas().margin, t: 12 + LINE * lines.length + more, b: 66 } };
};

const synthetic = (below) => (data.synthetic ? [{ text: "<b>Synthetic data</b>", showarrow: false, xref: "paper", yref: "paper",
  x: 1, xanchor: "right", y: 0, yanchor: "top", yshift: -below, font: { size: 11, color: "#fff" }, bgcolor: data.colours.up,
  borderpad: 3 }] : []);

const controls = (name) => ({
  responsive: true, displaylogo: false,
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]], // and no button that sends data anywhere
  toImageButtonOptions: { format: "svg", filename: name },
});
