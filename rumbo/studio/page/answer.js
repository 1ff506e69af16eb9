// The answer: asked in three steps, told first as a sentence, then in figures.

import { $, el, say, tell } from "./dom.js";
import { Dropped, lines, post, Refusal } from "./ask.js";
import { Bands } from "./figure.js";
import { CorridorMap } from "./map.js";
import { differing, takers } from "./save.js";
import { asked } from "./scenario.js";
import { placed, sumLines, sumTable } from "./table.js";
import { pick, t } from "./words.js";

const AGAIN = 2000;
const PAUSE = 700;
const state = { shown: 0, owed: false };

export const begin = (desk) => {
  // What one looks at stays in sight when it has been scrolled away.
  new IntersectionObserver(([{ isIntersecting, boundingClientRect }]) => {
    $("now").hidden = isIntersecting || boundingClientRect.top > 0;
  }).observe($("sentence"));
  state.span = desk.months;
  state.figures = {
    flow: new Bands($("flow"), "flow"), cost: new Bands($("cost"), "cost"), map: new CorridorMap($("map"), desk),
  };
};

export const tellFaults = (faults) => {
  $("faults").hidden = faults.length === 0;
  $("faults").replaceChildren(...faults.map((one) => el("p", {}, one)));
};

/** Show how far the work is, or only that it goes on. */
const progress = (text, done, of) => {
  $("cancel").hidden = $("progress").hidden = !text;
  if (!text) return;
  say("step-text", text);
  if (of) Object.assign($("progress"), { max: of, value: done });
  else $("progress").removeAttribute("value");
  $("progress").setAttribute("aria-label", text);
};

const stepText = (answer) => t(`step.${answer.step}`, { n: answer.members });

const sums = (answer) => {
  const title = t("sums.title", { period: pick(answer.summed) });
  const figure = { id: "sums", title, answer, box: $("sums"), lines: () => sumLines(answer) };
  $("sums").replaceChildren(
    el("figcaption", {}, el("h3", {}, title), el("p", {}, t("cell.about"))),
    sumTable(answer, title), el("p", { class: "soft" }, t("cost.text")), takers(figure, answer, ["csv"]));
};

/** Put the words and figures of an answer into the page. */
export const show = (answer = state.answer) => {
  if (!answer) return;
  // A draw grows month by month; its charts are as wide as the whole run from the start.
  state.answer = answer;
  answer.span = state.span;
  $("main").classList.remove("old");
  $("differs").replaceChildren(...answer.differs.map((one) => el("li", {}, pick(one))));
  $("scenario").classList.toggle("record", answer.record);
  $("back").hidden = answer.record;
  tell("sentence", pick(answer.sentence), pick(answer.aside));
  say("rest", pick(answer.rest));
  say("who", pick(answer.who));
  say("step-text", stepText(answer));
  const { flow, cost, map } = state.figures;
  sums(answer);
  flow.show(answer, [...answer.series, ...placed(answer)], t("flow.title"));
  cost.show(answer, answer.costs, t("cost.title"));
  map.show(answer);
  const path = answer.folder;
  $("report").disabled = $("export").disabled = !path;
  say("kept", path ? t("kept", { path }) : t("kept.none"));
  say("now", `${differing(answer)}: ${pick(answer.sentence)}`);
  document.title = `${differing(answer)} · Rumbo`;
};

const take = (line) => {
  // While a draw closes, not each of its months need be drawn.
  const soon = line.step === "draw" && line.done < line.of && performance.now() - state.shown < PAUSE;
  if (!line.answer || soon) return;
  show({ ...line.answer, step: line.step });
  if (line.step !== "draw") state.owed = false;
  state.shown = performance.now();
};

const end = (faults = []) => {
  progress("");
  $("further").before($("step"));
  if (state.answer) say("step-text", stepText(state.answer));
  tellFaults(faults);
  $("sentence").setAttribute("aria-busy", "false");
  document.documentElement.dataset.answer = faults.length ? "refused" : "whole";
};

/** Ask something of the desk and take its lines; newer ones take the place of older. */
export const stream = async (path, body, taken, again) => {
  state.running?.abort();
  clearTimeout(state.wait);
  const mine = new AbortController();
  state.running = mine;
  document.documentElement.dataset.answer = "asked";
  $("sentence").setAttribute("aria-busy", "true");
  tellFaults([]);
  const anew = path === "/api/answer";
  // An answer that months ahead cut short is still owed.
  state.owed = anew || state.owed;
  $("main").classList.toggle("old", state.owed);
  progress(t(anew ? "doing.draw" : "doing.ahead"));
  if (!anew) $("ahead-form").append($("step"));
  try {
    for await (const line of lines(path, body, mine.signal)) {
      if (state.running !== mine) return;
      if (line.step === "progress") progress(t(`doing.${line.part}`, line), line.done, line.of);
      taken(line);
    }
    end();
    if (anew) state.owed = false;
    else if (state.owed) ask();
  } catch (error) {
    if (state.running !== mine || error.name === "AbortError") return;
    if (error instanceof Refusal) return end(error.faults);
    end([t(error instanceof Dropped ? "dropped" : "broken")]);
    // What was asked is kept, and asked again once somebody listens.
    if (!(error instanceof Dropped)) throw error;
    state.wait = setTimeout(again, AGAIN);
  }
};

/** Ask what the page says, and members with chance if there are any. */
export const ask = (members = 0) =>
  stream("/api/answer", members ? { ...asked(), members } : asked(), take, () => ask(members));

export const cancel = async () => {
  await post("/api/cancel", {}).catch(() => null);
  state.running?.abort();
  end();
};
