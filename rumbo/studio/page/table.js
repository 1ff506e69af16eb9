// Tables: what a figure shows, the same on the page and in the file.

import { el } from "./dom.js";
import { count, month, pick, t } from "./words.js";

const SIDES = ["base", "changed", "difference"];

export const sides = (series) => SIDES.filter((one) => series[one]);

/** The name of a side: how things were, with the change, the difference between both. */
export const sideName = (answer, side) => pick(answer.names[side]);

export const at = (band, n) =>
  Object.fromEntries(Object.entries(band).map(([name, values]) => [name, values?.[n] ?? null]));

/** A range and its middle value as one cell; of a single draw no number is said. */
export const cell = (band, signed = false) => {
  if (!band || band.middle == null) return "";
  if (band.low_90 == null) return t("no_range");
  const [low, middle, high] = [band.low_90, band.middle, band.high_90].map((one) => count(one, signed));
  return `${low} ${t("to")}\u00a0${high} (${middle})`;
};

/** A table whose cells know their heads: on a phone rows are cards. */
export const table = (title, heads, rows) =>
  el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
    el("table", {},
      el("caption", {}, title),
      el("thead", {}, el("tr", {}, heads.map((one) => el("th", { scope: "col" }, one)))),
      el("tbody", {}, rows.map(([first, ...others]) => (others.length === 0
        ? el("tr", { class: "group" }, el("th", { colspan: heads.length }, first))
        : el("tr", {}, el("th", { scope: "row" }, first), others.map((one, n) =>
          el("td", { "data-head": heads[n + 1] }, one))))))));

/** The months of one series as a table. */
export const monthTable = (answer, series) => {
  const shown = sides(series);
  const heads = [t("head.month"), ...shown.map((one) => sideName(answer, one))];
  const rows = answer.months.map((one, n) =>
    [month(one), ...shown.map((side) => cell(at(series[side], n), side === "difference"))]);
  return table(`${pick(series.name)}. ${t("cell.about")}`, heads, rows);
};

const ENDS = ["low_90", "low_50", "middle", "high_50", "high_90"];
const SPEAKS = ["who_speaks", "warning"];

const small = (value) => Math.round(value) !== 0 && Math.abs(value) < 10;
const told = (value) =>
  value == null ? "" : small(value) ? (value < 0 ? ">-10" : "<10") : String(Math.round(value));

/** The ends of a range as cells of a file. */
export const ends = (band, names = ENDS) => names.map((end) => told(band[end]));

const line = (answer, { name, weak }, side, part, band) => [pick(name), sideName(answer, side), part, ...ends(band),
  side === SIDES[2] ? pick(answer.speaks) : "", weak ? t("weak") : ""];

/** The same as lines of a file: every end, whole numbers. */
export const monthLines = (answer, series) => [
  ["series", "side", "month", ...ENDS, ...SPEAKS],
  ...sides(series).flatMap((side) =>
    answer.months.map((one, n) => line(answer, series, side, one, at(series[side], n)))),
];

// What is told of a place says itself that it is a mean.
const name = (series) => el("span", { class: series.weak ? "weak" : null }, pick(series.here ?? series.name),
  !series.here && el("small", {}, ` ${t(series.stock ? "sum.mean" : "sum.total")}`));

const row = (answer, series) => {
  const cells = sides(series.sum).map((side) => side === "difference"
    ? [el("strong", {}, pick(series.change) || t("no_range")), el("span", { class: "who" }, pick(answer.speaks))]
    : cell(series.sum[side]).replace(" (", "\n("));
  return [name(series), ...cells.map((one) => el("div", { class: "range" }, one))];
};

/** What is told of a place. */
export const placed = ({ place }) => [place?.present, place?.short].filter(Boolean);

/** Flow, and what it costs people, in one table: sums of flows, means of what stands. */
export const sumTable = (answer, title) => {
  const { place, series, costs } = answer;
  const heads = [t("head.measure"), ...sides(series[0].sum).map((one) => sideName(answer, one))];
  const groups = [[place?.name, placed(answer)], [t("sums.flow"), series], [t("sums.cost"), costs]];
  return table(title, heads, groups.flatMap(([name, all]) =>
    (all.length ? [[name], ...all.map((one) => row(answer, one))] : [])));
};

export const sumLines = (answer) => [
  ["measure", "side", "of", ...ENDS, ...SPEAKS],
  ...[...placed(answer), ...answer.series, ...answer.costs].flatMap((series) => sides(series.sum).map((side) =>
    line(answer, series, side, series.stock ? "mean" : "total", series.sum[side]))),
];

const quoted = (value) => {
  const text = `${/^[=+\-@\t\r]./s.test(value) && isNaN(value) ? "'" : ""}${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

export const csv = (lines) => `\ufeff${lines.map((one) => one.map(quoted).join(",")).join("\n")}\n`;
