// Months ahead of a day: how many people will be present at a place, and the cost beside it.

import { $, choice, el, option, wrong } from "./dom.js";
import { stream, voiced } from "./answer.js";
import { Bands } from "./figure.js";
import { dayField, placeOptions } from "./questions.js";
import { asked, isDay } from "./scenario.js";
import { pick, t } from "./words.js";

const MONTHS = [1, 2, 3, 4, 5, 6];
const box = el("figure", { id: "outlook" });
const bands = new Bands(box, "outlook");
let told = null;

/** Show the outlook that was asked for last, in the language. */
export const showAhead = () => {
  $("ahead-answer").hidden = !told;
  if (!told) return;
  $("ahead-answer").replaceChildren(
    el("h2", { id: "ahead-answer-title", tabindex: -1 }, t("ahead.title")),
    el("p", { class: "sentence" }, voiced(pick(told.sentence))), el("p", { class: "who" }, pick(told.who)), box);
  const names = { base: { en: t("ahead.chart"), es: t("ahead.chart") } };
  bands.show({ names, ...told, span: told.months, step: "outlook", differs: [] }, told.series, t("ahead.chart"));
};

const run = async (body) => {
  await stream("/api/outlook", body, ({ outlook }) => {
    if (!outlook) return;
    told = outlook;
    showAhead();
    $("ahead-answer-title").focus();
  }, () => run(body));
};

/** Make the form: place, day from which is looked ahead, months. */
export const makeAhead = (desk) => {
  const day = dayField(t("ahead.as_of"));
  $("ahead-form").replaceChildren(
    choice("ahead-place", t("beds.place"), placeOptions(desk)),
    choice("ahead-months", t("ahead.months"), MONTHS.map((one) => option(one, one, one === 3))),
    day.box, el("button", { type: "submit" }, t("ahead.run")));
  $("ahead-form").onsubmit = (event) => {
    event.preventDefault();
    const since = day.input.value.trim();
    if (wrong(day, !since || isDay(since) ? "" : t("ahead.wrong_day"))) return day.input.focus();
    return run({
      language: asked().language, place: $("ahead-place").value, months: Number($("ahead-months").value),
      ...(since ? { as_of: since } : {}),
    });
  };
};
