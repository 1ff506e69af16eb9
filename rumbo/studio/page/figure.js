// A figure: its series, drawings, legend, table, and files of what is shown.

import { Chart } from "./chart.js";
import { el, holding, option } from "./dom.js";
import { takers } from "./save.js";
import { monthLines, monthTable, sideName, sides } from "./table.js";
import { pick, t } from "./words.js";

const swatch = (side, kind, text) =>
  el("li", {}, el("i", { class: `swatch ${kind} ${side}` }), text);

/** The legend of what is drawn: the names of the sides, and what band and line are. */
const legend = (answer, shown) => {
  const one = answer.members === 1;
  const named = shown.map((side) => swatch(side, "line", sideName(answer, side)));
  const bands = one ? [el("li", {}, t("legend.one_draw"))]
    : [swatch(shown[0], "wide", t("legend.wide")), swatch(shown[0], "half", t("legend.half"))];
  return el("ul", { class: "legend" }, named, bands);
};

/** A figure over some series: one is chosen and drawn, its difference below. */
export class Bands {
  constructor(box, id) {
    Object.assign(this, { box, id, lessTitle: el("h4") });
    this.pair = el("div", { class: "drawing", role: "img" });
    this.less = el("div", { class: "drawing less", role: "img" });
    this.charts = [new Chart(this.pair), new Chart(this.less)];
  }

  /** Make heading, choice and foot in the language, around drawings that stay. */
  show(answer, all, title) {
    const series = all.find(({ id }) => id === this.chosen) ?? all[0];
    Object.assign(this, { answer, series });
    const differs = Boolean(series.difference);
    const less = differs ? sideName(answer, "difference") : "";
    holding(() => this.box.replaceChildren(
      this.head(all, title), legend(answer, sides(series).filter((one) => one !== "difference")),
      this.pair, this.lessTitle, this.less, takers(this, answer), this.behind()));
    this.lessTitle.textContent = less;
    this.lessTitle.hidden = this.less.hidden = !differs;
    this.pair.setAttribute("aria-label", t("chart.name", { title: this.title }));
    this.less.setAttribute("aria-label", `${less}. ${this.title}`);
    const drawn = [["base", "changed"], ["difference"]].slice(0, differs ? 2 : 1);
    return Promise.all(drawn.map((each, n) => this.charts[n].show({ answer, series, sides: each })));
  }

  get title() {
    return `${pick(this.series.name)}${this.series.stock ? `, ${t("sum.mean_of_month")}` : ""}`;
  }

  head(all, title) {
    const id = `${this.id}-series`;
    const change = ({ target }) => {
      this.chosen = target.value;
      this.show(this.answer, all, title);
    };
    return el("figcaption", {}, el("h3", {}, title),
      el("div", { class: "field" }, el("label", { for: id }, t("chart.choose")),
        el("select", { id, change }, all.map((one) => option(one.id, pick(one.name), one === this.series)))),
      this.series.weak && el("p", { class: "weak" }, t("weak")));
  }

  behind() {
    return el("details", { class: "behind", open: Boolean(this.box.querySelector("details")?.open) },
      el("summary", {}, t("data_table"), el("span", { class: "unseen" }, `: ${pick(this.series.name)}`)),
      monthTable(this.answer, this.series));
  }

  lines() {
    return monthLines(this.answer, this.series);
  }

  drawings() {
    return this.charts.filter((one) => !one.box.hidden && one.view)
      .map(async (one, n) => ({ ...await one.picture(), title: n ? this.lessTitle.textContent : "" }));
  }
}
