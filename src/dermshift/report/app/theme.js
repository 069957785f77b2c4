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

const axis = (title) => ({
  title: { text: literal(title), standoff: 8 },
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

// What a plot says wherever it is copied to: its title, and that data are synthetic.
const heading = (text) => ({ text: `<b>${literal(text)}</b>`, x: 0, xref: "paper", xanchor: "left", y: 0.99, yanchor: "top",
  font: { size: 13 } });

const synthetic = () => (data.synthetic ? [{ text: "<b>Synthetic data</b>", showarrow: false, xref: "paper", yref: "paper",
  x: 1, xanchor: "right", y: -0.11, yanchor: "top", font: { size: 11, color: "#fff" }, bgcolor: data.colours.up, borderpad: 3 }] : []);

const controls = (name) => ({
  responsive: true, displaylogo: false,
  modeBarButtons: [["toImage", "zoom2d", "pan2d", "resetScale2d"]], // and no button that sends data anywhere
  toImageButtonOptions: { format: "svg", filename: name },
});
