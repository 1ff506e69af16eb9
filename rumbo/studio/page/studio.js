// The studio: asks what there is, and joins the parts of the page.

import { $, say } from "./dom.js";
import { makeAhead, showAhead, weigh } from "./ahead.js";
import { ask, begin, cancel, show, tellFaults } from "./answer.js";
import { get, Refusal, token, wish } from "./ask.js";
import { makeBeds, showBeds } from "./beds.js";
import { dark } from "./chart.js";
import { makeLevers } from "./levers.js";
import { makeQuestions, showQuestion } from "./questions.js";
import { makeKeep, makeWriters } from "./save.js";
import { kept, reset, take, watch } from "./scenario.js";
import { fill, pick, speak, spoken, t, use } from "./words.js";

const LANGUAGE = "rumbo-language";
const PAUSE = 200;
const NARROW = 760;
let desk = null;
let soon = null;

const make = () => {
  fill();
  say("corridor", pick(desk.corridor.title));
  say("made", t("made", { version: desk.version }));
  $("levers").querySelector("summary").textContent = t("levers.title", { n: desk.levers.length });
  for (const one of document.querySelectorAll("[data-language]"))
    one.setAttribute("aria-pressed", String(one.dataset.language === spoken()));
  for (const part of [makeQuestions, makeLevers, makeBeds, makeAhead, makeKeep]) part(desk);
};

const draw = () => {
  show();
  showAhead();
};

const turn = (language) => {
  sessionStorage.setItem(LANGUAGE, language);
  speak(language);
  make();
  draw();
};

const wire = () => {
  for (const one of document.querySelectorAll("[data-language]"))
    one.addEventListener("click", () => turn(one.dataset.language));
  $("back").addEventListener("click", () => {
    reset();
    $("answer").focus();
  });
  $("run").addEventListener("click", () => ask(Number($("members").value)));
  $("cancel").addEventListener("click", () => {
    cancel();
    $("answer").focus();
  });
  dark.addEventListener("change", draw);
  watch((whole) => {
    if (whole) {
      make();
      weigh();
    } else {
      showQuestion(desk);
      showBeds(desk);
    }
    clearTimeout(soon);
    soon = setTimeout(ask, PAUSE, 0);
  });
  makeWriters();
};

const open = async () => {
  const chosen = wish ?? sessionStorage.getItem(LANGUAGE) ?? navigator.language.slice(0, 2);
  speak(chosen === "es" ? "es" : "en");
  if (!token) {
    $("stranger").hidden = false;
    return;
  }
  try {
    desk = await get("/api/desk");
  } catch (error) {
    $("main").hidden = false;
    tellFaults(error instanceof Refusal ? error.faults : ["Rumbo does not answer. Rumbo no responde."]);
    for (const one of ["question", "change", "figures"]) $(one).hidden = true;
    $("answer").replaceChildren($("faults"));
    return;
  }
  use(desk.words);
  const before = kept();
  if (before) take(before);
  $("questions").open = innerWidth > NARROW;
  $("main").hidden = document.querySelector("footer").hidden = false;
  begin(desk);
  make();
  wire();
  ask();
};

open();
