// Figures of single questions are unpacked when their part of the page is opened.
const showFigures = (part) => part.querySelectorAll("img[data-pack]").forEach(async (picture) => {
  const text = at(picture.dataset.pack).textContent;
  delete picture.dataset.pack;
  const blob = new Blob([await (await inflate(text)).arrayBuffer()], { type: picture.dataset.type });
  picture.src = URL.createObjectURL(blob);
});

const start = async () => {
  paint();
  document.querySelectorAll("details").forEach((part) => part.addEventListener("toggle", () => part.open && showFigures(part)));
  await loadPlotly();
  const known = await genes();
  const state = { question: 0, gene: data.named.length ? data.named[0].gene : (await table(0)).rank.indexOf("1") };
  if (state.gene < 0) state.gene = 0;
  const draw = () => Promise.all([drawVolcano(state, choose), drawSlopes(state.gene), drawGene(state.gene)]);
  const choose = async (gene, scroll = false) => {
    state.gene = gene;
    await draw();
    at("find").value = known.symbol[gene] === "NA" ? known.id[gene] : known.symbol[gene];
    if (scroll) at("gene").scrollIntoView({ block: "nearest" });
  };
  const showQuestion = makeSwitch((place) => ask(place));
  const fill = await makeTable(state, choose);
  const ask = async (place) => {
    state.question = place;
    showQuestion(place);
    await Promise.all([drawVolcano(state, choose), fill()]);
  };
  await listenToFind(choose);
  at("view").addEventListener("change", () => drawVolcano(state, choose));
  at("explore").hidden = false;
  showQuestion(0);
  await Promise.all([drawVolcano(state, choose), drawSlopes(state.gene)]);
  at("theme").addEventListener("click", async () => {
    document.documentElement.dataset.theme = dark() ? "light" : "dark";
    paint();
    await draw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", async () => { paint(); await draw(); });
  document.documentElement.dataset.ready = "yes";
  await drawGene(state.gene); // reads every question
};

start();
