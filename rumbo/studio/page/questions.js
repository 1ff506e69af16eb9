// The named questions and the place for which they are asked.

import { $, el, option, say, standing, wrong } from "./dom.js";
import { changed, isDay, scenario, setBeds } from "./scenario.js";
import { pick, spoken, t } from "./words.js";

/** Whether a day lies within the run; else the field says what is expected. */
export const checkDay = (box, desk, { bare = true, record = "" } = {}) => {
  const text = box.input.value.trim();
  const fits = text ? text === record || (isDay(text) && desk.first <= text && text <= desk.last) : bare;
  return !wrong(box, fits ? "" : t("date.wrong", { first: desk.first, last: desk.last }));
};

let made = 0;

/** A field for a day: its box, the input, and a note of what is wrong. */
export const dayField = (label, value) => {
  const id = `field-${(made += 1)}`;
  const input = el("input", { id, value, class: "day", inputmode: "numeric", maxlength: 10, autocomplete: "off", "aria-describedby": `${id}-wrong` });
  const note = el("p", { class: "wrong", id: `${id}-wrong`, role: "alert" });
  return { input, note, box: el("div", { class: "field" }, el("label", { for: id }, `${label} (${t("date.form")})`), input, note) };
};

const radio = (id, title) => {
  const change = () => {
    scenario.question = id ? { id } : null;
    changed();
  };
  return el("label", { class: "choice" },
    el("input", { type: "radio", name: "question", value: id, change }), el("span", {}, title));
};

/** The number of beds in a field, or null, which is said beside it. */
export const bedsIn = (made) => {
  const text = made.input.value.trim().replace(/[,\s](?=\d{3}(\D|$))/g, "");
  return wrong(made, /^\d+$/.test(text) ? "" : t("beds.wrong")) ? null : Number(text);
};

const [dayAsked, bedsAsked] = ["day", "number"].map(standing);

/** Put a value into a field, unless somebody writes there. */
const put = (made, value) => {
  if (document.activeElement === made.input) return;
  made.input.value = value ?? "";
  wrong(made, "");
};

/** Show what a question needs: its day, or the beds of its place. */
const showNeeded = (desk, question) => {
  const here = desk.places.find(({ id }) => id === scenario.place);
  const ofBeds = Boolean(question?.needs_place);
  $("asked-day").hidden = !question?.movable || ofBeds;
  $("asked-place").hidden = !ofBeds || Boolean(here);
  $("asked-beds").hidden = !ofBeds || !here;
  put(dayAsked, scenario.question?.since ?? question?.since);
  put(bedsAsked, scenario.beds.find(({ place, since }) => place === here?.id && !since)?.beds);
  say("number-label", t("beds.at", { place: pick(here?.name) }));
};

/** Let the forms of beds and months ahead begin with the place planned for. */
const follow = () => {
  for (const form of scenario.place ? ["bed-place", "ahead-place"].map($) : []) {
    form.value = scenario.place;
    form.dispatchEvent(new Event("change"));
  }
};

const wire = (desk) => {
  dayAsked.input.onchange = () => {
    if (!checkDay(dayAsked, desk)) return;
    const [{ id }, since] = [scenario.question, dayAsked.input.value.trim()];
    scenario.question = since ? { id, since } : { id };
    changed();
  };
  bedsAsked.input.onchange = () => {
    const beds = bedsIn(bedsAsked);
    if (beds !== null) setBeds(scenario.place, "", beds);
  };
  $("place").onchange = ({ target }) => {
    scenario.place = target.value || null;
    follow();
    changed();
  };
};

/** Show what is chosen, without making the choices anew. */
export const showQuestion = (desk) => {
  const question = desk.questions.find((one) => one.id === scenario.question?.id);
  for (const input of document.querySelectorAll("[name=question]"))
    input.checked = input.value === (question?.id ?? "");
  say("asked", question ? pick(question.title) : t("question.none"));
  say("question-about", question ? pick(question.about) : t("question.none_about"));
  showNeeded(desk, question);
};

/** All places by their names, as the language orders them. */
const options = (desk, chosen) => desk.places
  .map(({ id, name }) => [id, pick(name)])
  .sort(([, one], [, other]) => one.localeCompare(other, spoken()))
  .map(([id, name]) => option(id, name, id === chosen));

/** The places to choose from: first the one asked for, else one with beds. */
export const placeOptions = (desk) => options(desk, scenario.place ?? desk.places.find(({ beds }) => beds)?.id);

/** Make the list of questions and of places in the language. */
export const makeQuestions = (desk) => {
  $("question-list").replaceChildren(
    radio("", t("question.none")), ...desk.questions.map(({ id, title }) => radio(id, pick(title))));
  $("place").replaceChildren(option("", t("place.none")), ...options(desk, scenario.place));
  wire(desk);
  showQuestion(desk);
};
