// Makes elements; texts are set as text, never as markup.

export const $ = (id) => document.getElementById(id);

const SVG = "http://www.w3.org/2000/svg";

const dress = (made, about, inside) => {
  for (const [name, value] of Object.entries(about)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else if (value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...inside.flat().filter((one) => one !== null && one !== undefined && one !== false));
  return made;
};

export const el = (tag, about = {}, ...inside) => dress(document.createElement(tag), about, inside);

export const svg = (tag, about = {}, ...inside) =>
  dress(document.createElementNS(SVG, tag), about, inside);

export const button = (text, click, about = {}) =>
  el("button", { type: "button", click, ...about }, text);

export const option = (value, text, chosen = false) => {
  const made = el("option", { value }, text);
  made.selected = chosen;
  return made;
};

let made = 0;

/** A labelled field: its box, the input in it, and a note of what is wrong. */
export const field = (label, about = {}) => {
  const id = `field-${(made += 1)}`;
  const input = el("input", { id, type: "text", autocomplete: "off", "aria-describedby": `${id}-wrong`, ...about });
  const note = el("p", { class: "wrong", id: `${id}-wrong`, role: "alert" });
  return { input, note, box: el("div", { class: "field" }, el("label", { for: id }, label), input, note) };
};

/** A choice between texts by their values. */
export const choice = (id, label, options, about = {}) =>
  el("div", { class: "field" }, el("label", { for: id }, label), el("select", { id, ...about }, options));

/** Say what is wrong with a field, or that nothing is. */
export const wrong = ({ input, note }, text) => {
  input.setAttribute("aria-invalid", String(Boolean(text)));
  note.textContent = text;
  return Boolean(text);
};
