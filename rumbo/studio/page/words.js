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
const locale = () => (language === "es" ? "es-MX" : "en-US");
const utc = (month) => new Date(`${month.slice(0, 7)}-01T00:00:00Z`);

export const month = (text) =>
  new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" }).format(utc(text));

export const shortMonths = () =>
  Array.from({ length: 12 }, (_, n) =>
    new Intl.DateTimeFormat(locale(), { month: "short", timeZone: "UTC" })
      .format(new Date(Date.UTC(2024, n, 1))).replace(".", ""));

export const day = (text) =>
  new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" })
    .format(new Date(`${text}T00:00:00Z`));

const grouped = (value, digits = 0) =>
  value.toLocaleString("en-US", { maximumFractionDigits: digits }).replace("-", "−");

/** A value of a setting, in its unit, as it was written. */
export const exact = (value) => (typeof value === "number" ? grouped(value, 4) : String(value ?? ""));

const rounded = (value) => {
  if (Math.abs(value) < 0.5) return 0;
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.abs(value))) - 2);
  return Math.round(value / step) * step;
};

/** A simulated count to three digits; of a small one only that it is small. */
export const count = (value, signed = false) => {
  if (value === null || value === undefined) return "";
  const near = rounded(value);
  if (near !== 0 && Math.abs(near) < SMALL)
    return signed ? (near > 0 ? `<+${SMALL}` : `>−${SMALL}`) : `<${SMALL}`;
  return (signed && near > 0 ? "+" : "") + grouped(near);
};

export const range = (low, high, signed = false) =>
  `${count(low, signed)} ${t("to")}\u00a0${count(high, signed)}`;

/** A difference in words, such as "between 10 and 20 fewer". */
export const change = ({ low_90: low, high_90: high }) => {
  if (low === null || low === undefined) return t("no_range");
  if (rounded(low) === 0 && rounded(high) === 0) return t("change.none");
  const [near, far] = [low, high].map(Math.abs).sort((a, b) => a - b).map((one) => count(one));
  if (low >= 0) return t("change.more", { near, far });
  if (high <= 0) return t("change.fewer", { near, far });
  return t("change.both", { low: count(-low), high: count(high) });
};
