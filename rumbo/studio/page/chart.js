// Bands by month, drawn by Vega without eval: the nine in ten, the half, the middle value.

import { $ } from "./dom.js";
import { pick, shortMonths, spoken } from "./words.js";

const library = new Promise((done) => {
  if (window.vegaEmbed) done();
  else $("vega").addEventListener("load", done);
});

export const dark = matchMedia("(prefers-color-scheme: dark)");

/** A colour of the page's style. */
export const hue = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

const time = (text) => Date.parse(`${text.length === 7 ? `${text}-01` : text}T00:00:00Z`);

// Vega-Lite reads a bare number as a year.
const date = (text) => ({ year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), date: 1, utc: true });

const STEPS = [1, 2, 3, 6, 12];

const ticks = (months, width) => {
  const step = STEPS.find((one) => (months.length / one) * 44 <= width) ?? 12;
  return months.filter((one) => (Number(one.slice(5)) - 1) % step === 0).map(date);
};

const axisX = (months, width) => ({
  title: null, grid: false, values: ticks(months, width), labelOverlap: true, labelPadding: 6,
  // Only January says its year, so that the axis stays light.
  labelExpr: `utcmonth(datum.value) === 0 ? [${JSON.stringify(shortMonths())}[0], utcyear(datum.value)]`
    + ` : [${JSON.stringify(shortMonths())}[utcmonth(datum.value)]]`,
});

const band = (low, high, opacity) => ({
  data: { name: "rows" },
  mark: { type: "area", opacity, interpolate: "monotone" },
  encoding: { y: { field: low, type: "quantitative" }, y2: { field: high } },
});

// The name of a policy stands above the plot, on the side of its line where there is room.
const names = (limit) => ({
  data: { name: "marks" },
  mark: { type: "text", limit, fontSize: 12, baseline: "top",
    align: { expr: "datum.late ? 'right' : 'left'" }, dx: { expr: "datum.late ? -5 : 5" } },
  encoding: { y: { field: "row", type: "quantitative", scale: null }, text: { field: "name" }, color: { value: hue("soft") } },
});

const layers = (width, months) => [
  { data: { name: "marks" }, mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 1.2 },
    encoding: { color: { value: hue("soft") } } },
  band("low_90", "high_90", 0.2),
  band("low_50", "high_50", 0.3),
  { data: { name: "rows" }, mark: { type: "line", interpolate: "monotone" },
    encoding: {
      y: { field: "middle", type: "quantitative" },
      strokeWidth: { field: "wide", type: "quantitative", scale: null },
      strokeDash: { field: "side", scale: { domain: ["base", "changed", "difference"], range: [[1, 0], [6, 3], [1, 0]] }, legend: null },
    } },
  names(width * 0.5),
];

const spec = (months, width, high) => ({
  width: "container", height: "container", background: null,
  autosize: { type: "fit", contains: "padding" }, padding: { top: high ? 20 : 6, left: 2, right: 8, bottom: 2 },
  datasets: { rows: [], marks: [] },
  encoding: {
    x: { field: "m", type: "temporal", axis: axisX(months, width), scale: { type: "utc", domain: [date(months[0]), date(months.at(-1))] } },
    y: { type: "quantitative", axis: { title: null, tickCount: high ? 4 : 2, format: ",.0f", domain: false, ticks: false, labelPadding: 8, minExtent: 68 } },
    color: { field: "side", type: "nominal", legend: null,
      scale: { domain: ["base", "changed", "difference"], range: [hue("base"), hue("changed"), hue("ink")] } },
  },
  layer: layers(width, months),
  config: {
    font: getComputedStyle(document.body).fontFamily, view: { stroke: null },
    axis: { labelColor: hue("soft"), labelFontSize: 12, gridColor: hue("rule"), domainColor: hue("soft"), tickColor: hue("soft") },
  },
});

/** Rows of one series for the sides drawn; a single draw is a thin line. */
const rowsOf = (answer, series, sides) =>
  sides.filter((side) => series[side]).flatMap((side) => answer.months.map((one, n) => {
    const ends = Object.fromEntries(Object.entries(series[side]).map(([end, all]) => [end, all?.[n] ?? null]));
    return { m: time(one), side, wide: ends.low_90 === null ? 1.2 : 2.4, ...ends };
  })).filter(({ middle }) => middle !== null);

const marksOf = (answer) => {
  const [first, last] = [answer.span[0], answer.span.at(-1)].map(time);
  return (answer.marks ?? []).map((one) => ({ ...one, m: time(one.day) }))
    .filter(({ m }) => m >= first && m <= last)
    .map(({ m, name }, n) => ({ m, name: pick(name), row: 16 * n - 16, late: (m - first) / (last - first) > 0.5 }));
};

/** One drawing in its box; asked to show again before it has shown, it shows only the newest. */
export class Chart {
  constructor(box) {
    this.box = box;
    this.turn = Promise.resolve();
  }

  show(what) {
    this.what = what;
    this.turn = this.turn.then(() => (this.what === what ? this.draw(what) : null));
    return this.turn;
  }

  async draw({ answer, series, sides }) {
    await library;
    const width = this.box.clientWidth;
    const months = answer.span;
    const form = [spoken(), dark.matches, months[0], months.length, width].join();
    if (this.form !== form) await this.begin(months, width);
    this.form = form;
    this.view.data("rows", rowsOf(answer, series, sides))
      .data("marks", sides[0] === "difference" ? [] : marksOf(answer));
    await this.view.runAsync();
    this.box.querySelector("svg")?.setAttribute("aria-hidden", "true");
    this.box.dataset.drawn = answer.step;
  }

  async begin(months, width) {
    this.view?.finalize();
    const form = { mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false, logLevel: 1, tooltip: false };
    this.view = (await window.vegaEmbed(this.box, spec(months, width, this.box.clientHeight > 150), form)).view;
  }

  async picture() {
    const { width, height } = this.box.getBoundingClientRect();
    return { width, height, text: await this.view.toSVG() };
  }
}
