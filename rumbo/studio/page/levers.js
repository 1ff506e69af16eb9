// The levers: off, or on other days; each value with its unit and source.

import { $, button, el, wrong } from "./dom.js";
import { checkDay, dayField } from "./questions.js";
import { lever as said, setLever } from "./scenario.js";
import { pick, t } from "./words.js";

const sourced = ({ source }) => source !== "assumed" && `${t("source")} ${source}`;

const setting = (one) =>
  el("li", {}, el("strong", {}, pick(one.amount)), ` ${pick(one.text)}`, el("span", { class: "by" }, pick(one.by)),
    el("span", { class: "soft" }, sourced(one)));

/** The fields of a lever's days; they are sent when both are days of the run, in order. */
const days = (desk, one, state) => {
  const since = dayField(t("levers.since"), state?.since ?? one.since);
  const until = dayField(t("levers.until"), state?.until ?? one.until);
  const send = () => {
    const good = [checkDay(since, desk, { bare: false, record: one.since }),
      checkDay(until, desk, { record: one.until })].every(Boolean);
    const [from, to] = [since, until].map(({ input }) => input.value.trim());
    if (!good || wrong(until, to && to <= from ? t("date.order") : "")) return;
    const same = from === one.since && to === (one.until ?? "");
    setLever(one.id, same ? null : { since: from, ...(to ? { until: to } : {}) });
  };
  for (const { input } of [since, until]) input.addEventListener("change", send);
  const back = button(t("levers.back"), () => {
    since.input.value = one.since;
    until.input.value = one.until ?? "";
    send();
  });
  return el("div", { class: "days" }, since.box, until.box, back);
};

const line = (desk, one) => {
  const state = said(one.id);
  const off = state?.on === false;
  const fold = days(desk, one, state);
  fold.toggleAttribute("inert", off);
  const input = el("input", {
    type: "checkbox", role: "switch",
    change: ({ target }) => {
      setLever(one.id, target.checked ? null : { on: false });
      fold.toggleAttribute("inert", !target.checked);
    },
  });
  input.checked = !off;
  const name = pick(one.name);
  return el("li", { "data-lever": one.id },
    el("label", { class: "choice" }, input, el("span", {}, name)),
    el("p", { class: "soft" }, pick(one.about)),
    el("details", {},
      el("summary", {}, t("levers.more"), el("span", { class: "unseen" }, `: ${name}`)),
      one.movable && fold, el("ul", { class: "settings" }, one.settings.map(setting)),
      el("p", { class: "soft" }, sourced(one))));
};

/** Make the list of levers in the language, as the scenario has them. */
export const makeLevers = (desk) => {
  const open = [...$("lever-list").querySelectorAll("details")].map((one) => one.open);
  $("lever-list").replaceChildren(...desk.levers.map((one) => line(desk, one)));
  for (const [n, one] of $("lever-list").querySelectorAll("details").entries()) one.open = Boolean(open[n]);
};
