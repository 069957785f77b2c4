// The data of the page: packed columns, read when they are first asked for. Text stays text: nothing here makes HTML.
const at = (id) => document.getElementById(id);
const data = JSON.parse(at("payload").textContent);

const inflate = async (text) => {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate")));
};

const once = (make) => {
  const made = new Map();
  return (key) => {
    if (!made.has(key)) made.set(key, make(key));
    return made.get(key);
  };
};

const lines = once(async (place) => (await (await inflate(data.packs[place])).text()).split("\n"));

const genes = async () => ({ id: await lines(data.genes.gene_id), symbol: await lines(data.genes.gene_symbol) });

// A question's table: one array of text per column, in the order of the genes.
const table = once(async (question) => {
  const places = { ...data.genes, ...data.questions[question].columns };
  const columns = await Promise.all(data.columns.map((name) => lines(places[name])));
  return Object.fromEntries(data.columns.map((name, place) => [name, columns[place]]));
});

// Levels in steps of log2, gene by gene.
const levels = once(async () => new Int16Array(await (await inflate(data.packs[data.levels])).arrayBuffer()));

const number = (text) => (text === "NA" ? NaN : Number(text));
const labels = new Map(data.named.map(({ gene, label }) => [gene, label]));
const nameOf = (known, gene) => labels.get(gene) ?? (known.symbol[gene] === "NA" ? known.id[gene] : known.symbol[gene]);
// Plotly reads a few tags in its texts: a name never becomes one.
const literal = (text) => String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const loadPlotly = once(async () => {
  const script = document.createElement("script");
  script.textContent = await (await inflate(at("plotly").textContent)).text();
  document.head.append(script);
});
