// Makes elements; texts are set as text, never as markup.

export const $ = (id) => document.getElementById(id);

/** Put a text into an element of the page. */
export const say = (id, text) => { $(id).textContent = text; };

/** Put a sentence into an element, and in a smaller voice what stands in its last bracket. */
export const tell = (id, sentence, aside) =>
  $(id).replaceChildren(sentence, " ", el("span", { class: "aside" }, aside));

const SVG = "http://www.w3.org/2000/svg";

const dress = (made, about, inside) => {
  for (const [name, value] of Object.entries(about)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (typeof value === "boolean") made.toggleAttribute(name, value);
    else if (value != null) made.setAttribute(name, value);
  }
  made.append(...inside.flat().filter((one) => one != null && one !== false));
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

/** A field that stands on the page from the start. */
export const standing = (id) => ({ input: $(id), note: $(`${id}-wrong`) });

/** Say what is wrong with a field, or that nothing is. */
export const wrong = ({ input, note }, text) => {
  input.setAttribute("aria-invalid", String(Boolean(text)));
  note.textContent = text;
  return Boolean(text);
};

/** Do something that makes elements anew, and leave the keyboard where it was. */
export const holding = (make) => {
  const held = document.activeElement?.id;
  make();
  if (held && document.activeElement?.id !== held) $(held)?.focus();
};
