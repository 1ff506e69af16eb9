// The named questions and the place for which they are asked.

import { $, el, field, option, wrong } from "./dom.js";
import { changed, isDay, scenario, setBeds } from "./scenario.js";
import { pick, t } from "./words.js";

/** Whether a day lies within the run, or is the record's; else the field says what is expected. */
export const checkDay = (box, desk, { bare = true, record = "" } = {}) => {
  const text = box.input.value.trim();
  const fits = text ? text === record || (isDay(text) && desk.first <= text && text <= desk.last) : bare;
  return !wrong(box, fits ? "" : t("date.wrong", { first: desk.first, last: desk.last }));
};

export const dayField = (label, value) =>
  field(`${label} (${t("date.form")})`, { value: value ?? "", inputmode: "numeric", maxlength: 10, class: "day" });

const choose = (id) => {
  scenario.question = id ? { id } : null;
  changed();
};

const radio = (id, title) => {
  const input = el("input", {
    type: "radio", name: "question", value: id, change: () => choose(id),
  });
  input.checked = (scenario.question?.id ?? "") === id;
  return el("label", { class: "choice" }, input, el("span", {}, title));
};

/** The shelter places of the place asked for: the question about them needs no other form. */
const places = (desk) => {
  const here = desk.places.find(({ id }) => id === scenario.place);
  if (!here) return el("p", {}, t("beds.first"));
  const said = scenario.beds.find(({ place, since: day }) => place === here.id && !day);
  const made = field(t("beds.at", { place: here.name }), { value: said?.beds ?? "", inputmode: "numeric", class: "number", maxlength: 7 });
  made.input.addEventListener("change", () => {
    const beds = bedsIn(made);
    if (beds !== null) setBeds(here.id, beds, "");
  });
  return made.box;
};

/** The number of shelter places in a field, or null, which is said beside it. */
export const bedsIn = (made) => {
  const text = made.input.value.trim().replace(/[,\s]/g, "");
  return wrong(made, /^\d+$/.test(text) ? "" : t("beds.wrong")) ? null : Number(text);
};

const since = (desk, question) => {
  const box = $("question-since");
  box.hidden = !question?.movable && !question?.needs_place;
  box.replaceChildren();
  if (box.hidden) return;
  if (question.needs_place) {
    box.append(places(desk));
    return;
  }
  const made = dayField(t("question.since"), scenario.question.since ?? question.since);
  made.input.addEventListener("change", () => {
    if (!checkDay(made, desk)) return;
    const day = made.input.value.trim();
    scenario.question = day ? { id: question.id, since: day } : { id: question.id };
    changed();
  });
  box.append(made.box);
};

/** Show what is chosen, without making the choices anew. */
export const showQuestion = (desk) => {
  const question = desk.questions.find((one) => one.id === scenario.question?.id);
  for (const input of document.querySelectorAll("[name=question]"))
    input.checked = input.value === (question?.id ?? "");
  $("asked").textContent = question ? pick(question.title) : t("question.none");
  $("question-about").textContent = question
    ? pick(question.about) : t("question.none_about");
  const shown = $("question-since").dataset;
  const now = [question?.id, question?.needs_place && scenario.place, document.documentElement.lang].join();
  if (shown.of !== now) since(desk, question);
  shown.of = now;
};

/** The places to choose from: first the one asked for, else one whose beds are known. */
export const placeOptions = (desk) => {
  const first = scenario.place ?? desk.places.find(({ beds }) => beds)?.id;
  return desk.places.map(({ id, name }) => option(id, name, id === first));
};

/** Make the list of questions and of places in the language. */
export const makeQuestions = (desk) => {
  $("question-list").replaceChildren(
    radio("", t("question.none")), ...desk.questions.map(({ id, title }) => radio(id, pick(title))));
  $("place").replaceChildren(
    option("", t("place.none")),
    ...desk.places.map(({ id, name }) => option(id, name, scenario.place === id)));
  $("place").onchange = ({ target }) => {
    scenario.place = target.value || null;
    changed();
  };
  delete $("question-since").dataset.of;
  showQuestion(desk);
};
