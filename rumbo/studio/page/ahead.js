// Months ahead of a day: who will be at a place, the cost, outcomes weighed.

import { $, button, el, holding, say, standing, tell, wrong } from "./dom.js";
import { stream, tellFaults } from "./answer.js";
import { faultsOf, post } from "./ask.js";
import { Bands } from "./figure.js";
import { bedsIn, placeOptions } from "./questions.js";
import { isDay, scenario, setWeights } from "./scenario.js";
import { grouped, pick, spoken, t } from "./words.js";

const bands = new Bands($("outlook"), "outlook");
const PAUSE = 150;
let [asked, told, of, soon, turn] = [null, null, null, null, 0];

/** Show the outlook that was asked for last, in the language. */
export const showAhead = () => {
  $("ahead-answer").hidden = !told;
  if (!told) return;
  tell("ahead-sentence", pick(told.sentence), pick(told.aside));
  say("ahead-who", pick(told.who));
  say("ahead-rest", told.rest.map(pick).join(" "));
  holding(() => $("tree").replaceChildren(...told.tree.map(weighing)));
  bands.show({ ...told, span: told.months, step: "outlook" }, told.series, t("ahead.chart"));
};

const whole = (one) => ({ ...one, weights: scenario.weights, language: spoken() });

const run = () => {
  const mine = asked;
  return stream("/api/outlook", whole(mine), ({ outlook }) => {
    if (!outlook) return;
    [told, of] = [outlook, mine];
    turn += 1; // older weights are of another
    showAhead();
    $("ahead-answer-title").focus();
  }, run);
};

const mix = async () => {
  const mine = (turn += 1);
  try {
    const { outlook } = await post("/api/weigh", whole(of));
    if (mine !== turn) return;
    told = outlook;
    tellFaults([]);
    showAhead();
  } catch (error) { if (mine === turn) tellFaults(faultsOf(error)); }
};

/** Mix what was run by the scenario's weights, once they stand still. */
export const weigh = () => {
  clearTimeout(soon);
  if (told) soon = setTimeout(mix, PAUSE);
};

const percent = ({ weight }) => Math.round(100 * weight);

/** Give an outcome so many per cent; the others share the rest as they did. */
const share = (outcomes, chosen, part) => {
  const others = outcomes.filter((one) => one !== chosen);
  let left = 100 - part;
  let sum = others.reduce((all, one) => all + percent(one), 0);
  chosen.weight = part / 100;
  for (const [n, one] of others.entries()) {
    const own = percent(one);
    const its = Math.round(left * (sum > 0 ? own / sum : 1 / (others.length - n)));
    one.weight = its / 100;
    left -= its;
    sum -= own;
  }
};

/** The outcomes of an event to come and their weights; they sum to one. */
const weighing = ({ id, name, outcomes, about, who }) => {
  const set = (shares) => {
    setWeights(id, shares);
    weigh();
  };
  const change = () => set(Object.fromEntries(outcomes.map((one) => [one.id, one.weight])));
  const show = () => {
    for (const { one, input, output } of lines) {
      input.value = percent(one);
      output.textContent = `${grouped(100 * one.weight)}\u202f%`;
      input.setAttribute("aria-valuetext", output.textContent);
    }
  };
  const lines = outcomes.map((one, n) => {
    const move = ({ target }) => {
      share(outcomes, one, Number(target.value));
      show();
    };
    const input = el("input",
      { type: "range", max: 100, id: `weight-${id}-${n}`, disabled: outcomes.length < 2, input: move, change });
    return { one, input, output: el("output", { for: input.id }) };
  });
  show();
  return el("fieldset", {}, el("legend", {}, pick(name)),
    lines.map(({ one, input, output }) =>
      el("div", { class: "field" }, el("label", { for: input.id }, pick(one.name), " ", output), input)),
    el("p", { class: "who" }, pick(about)), who === "you" && button(t("ahead.own"), () => set()));
};

/** Fill the form: place, its shelter places, day from which is looked ahead, months. */
export const makeAhead = (desk) => {
  const [day, beds] = ["ahead-day", "ahead-beds"].map(standing);
  $("ahead-place").replaceChildren(...placeOptions(desk));
  day.input.value = desk.ahead;
  $("ahead-form").onsubmit = (event) => {
    event.preventDefault();
    const since = day.input.value.trim();
    const number = beds.input.value.trim() ? bedsIn(beds) : "";
    if (wrong(day, !since || isDay(since) ? "" : t("ahead.wrong_day"))) return day.input.focus();
    if (number === null) return beds.input.focus();
    asked = { as_of: since, place: $("ahead-place").value, months: Number($("ahead-months").value), beds: number };
    return run();
  };
};
