// The map: outlines and places of the corridor as plain SVG; circles of people, ways with heads.

import { $, option, say, svg } from "./dom.js";
import { scenario } from "./scenario.js";
import { takers } from "./save.js";
import { at, cell, ends, sideName, table } from "./table.js";
import { aside, byId, middle } from "./ways.js";
import { month, pick, t } from "./words.js";

const NAMES = 8;
const ROOM = { x: 96, y: 17 };
const STYLES = ["fill", "fill-opacity", "stroke", "stroke-opacity", "paint-order", "font-family"];

export class CorridorMap {
  constructor(box, desk) {
    const [wide, high] = desk.viewBox.split(/\s+/).slice(2).map(Number);
    Object.assign(this, { box, wide, high, id: "map", zoom: 1, places: byId(desk.places), known: byId(desk.ways) });
    this.marks = svg("g");
    this.svg = svg("svg", { role: "img", viewBox: desk.viewBox, class: "corridor" },
      desk.outlines.map((d) => svg("path", { d, class: "land" })), this.marks);
    this.frame = $("map-frame");
    this.frame.append(this.svg);
    this.wire();
    new ResizeObserver(() => this.answer && this.draw()).observe(this.frame);
  }

  get title() {
    return `${t("map.title")}, ${month(this.answer.months[this.at])}: ${sideName(this.answer, this.now)}`;
  }

  /** The side shown: the changed one if there is one, unless another was chosen. */
  get now() {
    const { waiting } = this.answer;
    return waiting[this.side] ? this.side : waiting.changed ? "changed" : "base";
  }

  /** The month chosen; else that after what differs begins, or the last. */
  get at() {
    const { months, marks } = this.answer;
    const begun = months.indexOf((marks ?? [])[0]?.day.slice(0, 7));
    return Math.min(this.month ?? (begun < 0 ? Infinity : begun + 1), months.length - 1);
  }

  show(answer) {
    this.answer = answer;
    Object.assign($("month"), { max: answer.months.length - 1, value: this.at });
    const sides = ["base", "changed"].filter((one) => answer.waiting[one]);
    $("side").parentElement.hidden = sides.length < 2;
    $("side").replaceChildren(...sides.map((one) => option(one, sideName(answer, one), one === this.now)));
    this.draw();
  }

  /** Draw again when the month, the side or the nearness is chosen. */
  wire() {
    const on = (id, event, choose) => $(id).addEventListener(event, ({ target }) => {
      choose(target.value);
      this.draw();
    });
    on("month", "input", (value) => { this.month = Number(value); });
    on("side", "change", (value) => { this.side = value; });
    on("closer", "click", () => { this.zoom = Math.min(8, this.zoom * 2); });
    on("farther", "click", () => { this.zoom = Math.max(1, this.zoom / 2); });
    $("map-table").addEventListener("toggle", () => this.rows());
  }

  /** People of each place or way in the month, most first; fewer than ten are not drawn. */
  most(what) {
    const known = what === "ways" ? this.known : this.places;
    return Object.entries(this.answer[what][this.now] ?? {})
      .map(([id, band]) => ({ id, ...at(band, this.at) }))
      .filter(({ id, middle }) => known[id] && middle >= 10).sort((a, b) => b.middle - a.middle);
  }

  largest(what) {
    const { base, changed } = this.answer[what];
    return Math.max(1, ...[base, changed ?? {}].flatMap(Object.values).flatMap(({ middle }) => middle));
  }

  /** Look at the place asked for, or where most wait, as near as is chosen. */
  look(crowds) {
    const { x = 0, y = 0 } = this.places[scenario.place] ?? this.places[crowds[0]?.id] ?? {};
    const [w, h] = [this.wide / this.zoom, this.high / this.zoom];
    const hold = (middle, size, all) => Math.min(all - size, Math.max(0, middle - size / 2));
    this.svg.setAttribute("viewBox", [hold(x, w, this.wide), hold(y, h, this.high), w, h].join(" "));
    return w / (this.frame.clientWidth || this.wide);
  }

  draw() {
    const shown = month(this.answer.months[this.at]);
    say("month-shown", shown);
    $("month").setAttribute("aria-valuetext", shown);
    const crowds = this.most("waiting");
    const pixel = this.look(crowds);
    this.marks.replaceChildren(...this.ways(pixel), ...this.circles(crowds, pixel), ...this.names(crowds, pixel));
    const listed = crowds.slice(0, 3).map((one) => `${pick(this.places[one.id].name)} ${cell(one)}`).join("; ");
    this.svg.setAttribute("aria-label", t("map.name", { title: this.title, listed }));
    $("map-foot").replaceChildren(takers(this, this.answer));
    this.rows();
  }

  ways(pixel) {
    const most = this.largest("ways");
    return this.most("ways").reverse().flatMap((one) => {
      const way = this.known[one.id];
      const transform = aside(this.places[way.from], this.places[way.to], 2.5 * pixel);
      const wide = pixel * (0.5 + 5 * Math.sqrt(one.middle / most));
      const line = svg("path", { d: way.path, class: "way", "stroke-width": wide, transform },
        svg("title", {}, t("map.way", { way: pick(way.name), people: cell(one) })));
      if (one.middle < most / 25) return line;
      const head = `${transform ?? ""} ${middle(way)} scale(${2.2 * pixel + 0.8 * wide})`;
      return [line, svg("path", { d: "M-1,-1.5L1.8,0L-1,1.5Z", class: "head", transform: head })];
    });
  }

  circles(crowds, pixel) {
    const largest = Math.min(30, this.frame.clientWidth / 22) / Math.sqrt(this.largest("waiting"));
    return crowds.map((one) => {
      const { x, y, name } = this.places[one.id];
      one.r = pixel * Math.max(2, largest * Math.sqrt(one.middle));
      return svg("circle", { cx: x, cy: y, r: one.r, class: `crowd ${this.now}`, "stroke-width": pixel },
        svg("title", {}, t("map.crowd", { place: pick(name), people: cell(one) })));
    });
  }

  /** Names of the place asked for and where most wait, none over another. */
  names(crowds, pixel) {
    const placed = [];
    const free = (one) => !placed.some(({ x, y }) =>
      Math.abs(one.x - x) <= ROOM.x * pixel && Math.abs(one.y - y) <= ROOM.y * pixel);
    const radii = byId(crowds);
    for (const id of [scenario.place, ...crowds.slice(0, 3 * NAMES).map((one) => one.id)]) {
      const one = this.places[id];
      if (one && placed.length < NAMES && free(one)) placed.push(one);
    }
    return placed.map(({ id, x, y, name }) => {
      const left = x > this.wide * 0.75;
      const by = (radii[id]?.r ?? 0) + 4 * pixel;
      return svg("text", { x: x + (left ? -by : by), y: y + 4 * pixel, "font-size": 12.5 * pixel,
        "stroke-width": 3 * pixel, "text-anchor": left ? "end" : "start", class: "name" }, pick(name));
    });
  }

  lists() {
    return [
      ...this.most("waiting").map((one) => [pick(this.places[one.id].name), t("map.waiting"), one]),
      ...this.most("ways").map((one) => [pick(this.known[one.id].name), t("map.setting_out"), one]),
    ];
  }

  rows() {
    const fold = $("map-table");
    fold.querySelector(".scroll")?.remove();
    if (!fold.open || !this.answer) return;
    const rows = this.lists().map(([where, what, one]) => [where, what, cell(one)]);
    fold.append(table(`${this.title}. ${t("cell.about")}`, [t("head.where"), t("head.what"), t("head.people")], rows));
  }

  lines() {
    const names = ["low_90", "middle", "high_90"];
    return [["where", "what", "month", "side", ...names], ...this.lists().map(([where, what, one]) =>
      [where, what, this.answer.months[this.at], sideName(this.answer, this.now), ...ends(one, names)])];
  }

  /** The map as it is seen, with its styles written into it. */
  drawings() {
    const { width, height } = this.svg.getBoundingClientRect();
    const copy = this.svg.cloneNode(true);
    const seen = [this.svg, ...this.svg.querySelectorAll("*")];
    for (const [n, one] of [copy, ...copy.querySelectorAll("*")].entries())
      for (const what of STYLES) one.setAttribute(what, getComputedStyle(seen[n]).getPropertyValue(what));
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    return [{ width, height, text: new XMLSerializer().serializeToString(copy) }];
  }
}
