// Words, numbers and months of the page in both languages.

let words = {};
let language = "en";

export const use = (texts) => { words = texts; };
export const speak = (chosen) => {
  language = chosen;
  document.documentElement.lang = chosen;
};
export const spoken = () => language;

export const pick = (texts) => texts?.[language] ?? texts?.en ?? "";

export const t = (key, values = {}) =>
  pick(words[key] ?? { en: key }).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Put the words of the language into every element that names a key. */
export const fill = () => {
  for (const one of document.querySelectorAll("[data-t]")) one.textContent = t(one.dataset.t);
};

const SMALL = 10;
const calendar = (form, when) =>
  new Intl.DateTimeFormat(language === "es" ? "es-MX" : "en-US", { ...form, timeZone: "UTC" }).format(when);

export const month = (text) =>
  calendar({ month: "long", year: "numeric" }, Date.parse(`${text.slice(0, 7)}-01T00:00:00Z`));

export const shortMonths = () =>
  Array.from({ length: 12 }, (_, n) => calendar({ month: "short" }, Date.UTC(2024, n, 1)).replace(".", ""));

/** A number as it was written, in groups of three digits. */
export const grouped = (value) => value.toLocaleString("en-US").replace("-", "−");

const rounded = (value) => {
  if (Math.abs(value) < 0.5) return 0;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 2);
  return Math.round(value / step) * step;
};

/** A simulated count to three digits; of a small one only that it is small. */
export const count = (value, signed = false) => {
  if (value == null) return "";
  const near = rounded(value);
  if (near !== 0 && Math.abs(near) < SMALL)
    return signed ? (near > 0 ? `<+${SMALL}` : `>−${SMALL}`) : `<${SMALL}`;
  return (signed && near > 0 ? "+" : "") + grouped(near);
};
