// The switch: one choice per column of the sheet; together they name a question. A list of all questions stands beside.
const radio = (column, choice, change) => {
  const label = document.createElement("label");
  const input = document.createElement("input");
  Object.assign(input, { type: "radio", name: column, value: choice });
  input.addEventListener("change", change);
  label.append(input, ` ${choice}`);
  return label;
};

const chosenBy = (radios) => Object.fromEntries(radios.filter(({ checked, value }) => checked && value !== "all")
  .map(({ name, value }) => [name, value]));

const same = (one_, other) => {
  const keys = Object.keys(one_);
  return keys.length === Object.keys(other).length && keys.every((key) => one_[key] === other[key]);
};

const questionOf = (wanted) => data.questions.findIndex(({ choices }) => choices && same(choices, wanted));

const makeSwitch = (ask) => {
  const select = at("question");
  select.replaceChildren(...data.questions.map(({ title }, place) => new Option(title, place)));
  select.addEventListener("change", () => ask(Number(select.value)));
  const groups = data.switches.map(({ column: name, title, choices }) => {
    const group = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = title;
    const offered = document.createElement("div");
    offered.className = "choices";
    offered.append(...choices.map((choice) => radio(name, choice, () => ask(questionOf(chosenBy(radios()))))));
    group.append(legend, offered);
    return group;
  });
  at("switches").replaceChildren(...groups);
  const radios = () => [...at("switches").querySelectorAll("input")];
  // Shows the question that is asked; choices that lead to no question are shut.
  return (place) => {
    select.value = place;
    const { choices } = data.questions[place];
    radios().forEach((input) => {
      input.checked = choices !== null && (choices[input.name] ?? "all") === input.value;
      const { [input.name]: _, ...others } = choices ?? {};
      const wanted = input.value === "all" ? others : { ...others, [input.name]: input.value };
      input.disabled = questionOf(wanted) < 0;
      input.parentElement.title = input.disabled ? "not asked" : "";
    });
  };
};
