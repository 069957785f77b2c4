// The table of all genes of a question, by DataTables; what it shows and what it hands out are the same rows.
const SHOWN = [
  ["gene_symbol", "gene"], ["gene_id", "id"], ["log2_fold_change", "log2 fold change"], ["ci_lower", "95 % CI, lower"],
  ["ci_upper", "upper"], ["p_value", "p"], ["fdr", "FDR"], ["rank", "rank"], ["log2_fold_change_shrunken", "shrunken"],
  ["base_mean", "mean"], ["flag", "named as"], ["status", "status"],
];
const WORDS = new Set(["gene_symbol", "gene_id", "flag", "status"]);

// What is missing stands last, whichever way a column is sorted.
const missingLast = (sign) => (a, b) => Number.isNaN(a) - Number.isNaN(b) || sign * (a - b);
DataTable.type("num-known", { order: { asc: missingLast(1), desc: missingLast(-1) } });

const column = (holder, [name, title], choose) => {
  const words = WORDS.has(name);
  const value = (gene) => holder.columns[name][gene];
  const made = { title, name, className: words ? "" : "n", type: words ? "string" : "num-known" };
  made.data = (gene, type) => {
    if (type === "filter" && name === "gene_symbol") return `${value(gene)} ${labels.get(gene) ?? ""}`;
    if (words || type === "display" || type === "filter") return value(gene);
    return number(value(gene));
  };
  made.render = (given, type) => (type === "display" ? DataTable.render.text().display(given) : given);
  made.createdCell = (td, _, gene) => {
    td.textContent = name === "flag" && value(gene) === "NA" ? "" : value(gene).replaceAll("_", words && name !== "gene_id" ? " " : "_");
    if (name !== "gene_symbol") return;
    const button = document.createElement("button");
    button.className = "pick";
    button.textContent = value(gene) === "NA" ? holder.columns.gene_id[gene] : value(gene);
    button.addEventListener("click", () => choose(gene, true));
    td.replaceChildren(button);
  };
  return made;
};

const save = (name, rows) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([rows.map((row) => `${row.join("\t")}\n`).join("")], { type: "text/tab-separated-values" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
};

const rowsOf = (columns, places) => [data.columns, ...places.map((gene) => data.columns.map((name) => columns[name][gene]))];

const makeTable = async (state, choose) => {
  const holder = { columns: await table(state.question) };
  const places = [...holder.columns.gene_id.keys()];
  const heads = at("genes").createTHead().insertRow();
  SHOWN.forEach(([, title]) => { cell(heads, title, "th").scope = "col"; });
  const shown = new DataTable("#genes", {
    data: places, columns: SHOWN.map((pair) => column(holder, pair, choose)), deferRender: true, autoWidth: false,
    order: [[SHOWN.findIndex(([name]) => name === "rank"), "asc"]], pageLength: 10, lengthMenu: [10, 25, 100],
    columnControl: [{ target: 0, content: ["order"] }, { target: 1, content: ["search"] }],
    ordering: { indicators: false, handler: true },
    layout: { topStart: "pageLength", topEnd: "search", bottomStart: "info", bottomEnd: "paging" },
    language: { search: "Search the table:", lengthMenu: "_MENU_ genes a page", info: "_START_ to _END_ of _TOTAL_ genes",
      infoFiltered: "(of _MAX_)", infoEmpty: "no gene", zeroRecords: "No gene is left: clear a filter." },
  });
  // Each filter says of which column it is.
  at("genes").querySelectorAll("thead tr:nth-child(2) > *").forEach((box, place) =>
    box.querySelectorAll("input, select").forEach((field) =>
      field.setAttribute("aria-label", `${field.tagName === "SELECT" ? "How to filter" : "Filter"}: ${SHOWN[place][1]}`)));
  const fileName = (part) => `${data.questions[state.question].id}${part}.tsv`;
  at("download-tsv").addEventListener("click", () => save(fileName(""), rowsOf(holder.columns, places)));
  at("download-shown").addEventListener("click", () =>
    save(fileName(".shown"), rowsOf(holder.columns, shown.rows({ search: "applied", order: "applied" }).data().toArray())));
  const say = () => { at("genes-said").textContent = `All genes of: ${data.questions[state.question].heading}`; };
  say();
  return async () => {
    holder.columns = await table(state.question);
    shown.clear().rows.add(places).draw();
    say();
  };
};
