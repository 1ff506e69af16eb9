// Months ahead of a day: how many people will be present at a place, by the branches' chances.

import { $, choice, el, field, option, wrong } from "./dom.js";
import { Dropped, lines, Refusal } from "./ask.js";
import { progress, tellFaults } from "./answer.js";
import { Bands } from "./figure.js";
import { dayField, placeOptions } from "./questions.js";
import { asked, isDay } from "./scenario.js";
import { pick, t } from "./words.js";

const MONTHS = [1, 2, 3, 4, 5, 6];
const state = { told: null, bands: null, box: null };

/** Show the outlook that was asked for last, in the language. */
export const showAhead = () => {
  const { told } = state;
  $("ahead-answer").hidden = !told;
  if (!told) return;
  state.box ??= el("figure", { id: "outlook" });
  state.bands ??= new Bands(state.box, "outlook");
  $("ahead-answer").replaceChildren(
    el("h2", { id: "ahead-answer-title", tabindex: -1 }, t("ahead.title")),
    el("p", { class: "sentence" }, pick(told.sentence)), el("p", { class: "who" }, pick(told.who)), state.box);
  const answer = { step: "outlook", members: 0, differs: [], marks: [], ...told };
  state.bands.show(answer, told.series, t("ahead.chart"));
};

const run = async (body, submit) => {
  submit.disabled = true;
  tellFaults([]);
  try {
    for await (const line of lines("/api/outlook", body)) {
      if (line.step === "progress") progress(t("doing.outlook", line), line.done, line.of);
      if (line.outlook) state.told = line.outlook;
    }
    showAhead();
    $("ahead-answer-title").focus();
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof Dropped)) throw error;
    tellFaults(error instanceof Refusal ? error.faults : [t("dropped")]);
  } finally {
    submit.disabled = false;
    progress(null);
  }
};

/** Make the form: place, day from which is looked ahead, months. */
export const makeAhead = (desk) => {
  const day = dayField(t("ahead.as_of"), "");
  const beds = field(t("ahead.beds"), { inputmode: "numeric", class: "number", maxlength: 7 });
  const submit = el("button", { type: "submit" }, t("ahead.run"));
  $("ahead-form").replaceChildren(
    choice("ahead-place", t("beds.place"), placeOptions(desk)),
    choice("ahead-months", t("ahead.months"), MONTHS.map((one) => option(one, String(one), one === 3))),
    day.box, beds.box, submit);
  $("ahead-form").onsubmit = (event) => {
    event.preventDefault();
    const [since, number] = [day, beds].map(({ input }) => input.value.trim());
    const bad = [wrong(day, !since || isDay(since) ? "" : t("ahead.wrong_day")),
      wrong(beds, /^\d*$/.test(number) ? "" : t("beds.wrong"))];
    if (bad.some(Boolean)) return (bad[0] ? day : beds).input.focus();
    return run({
      language: asked().language, place: $("ahead-place").value, months: Number($("ahead-months").value),
      ...(since ? { as_of: since } : {}), ...(number ? { beds: Number(number) } : {}),
    }, submit);
  };
};
