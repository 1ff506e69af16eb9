// What is asked: one plain object, the same that is sent, saved and opened again.

import { spoken } from "./words.js";

const KEPT = "rumbo-scenario";
const empty = () => ({ name: "", question: null, levers: [], beds: [], place: null, weights: {} });

export const scenario = empty();
const watchers = [];

/** Call something when the scenario has changed; `whole`: all of it is new. */
export const watch = (told) => { watchers.push(told); };

const keep = () => sessionStorage.setItem(KEPT, JSON.stringify(asked()));

export const changed = (whole = false) => {
  keep();
  for (const told of watchers) told(whole);
};

/** The scenario as it is sent. */
export const asked = () => ({ ...structuredClone(scenario), language: spoken() });

/** Take a scenario that was kept or opened; what it does not say is as on the record. */
export const take = (other) => {
  const { language, ...rest } = other;
  Object.assign(scenario, empty(), rest);
};

export const kept = () => JSON.parse(sessionStorage.getItem(KEPT));

/** Go back to the record; name and place stay. */
export const reset = () => {
  take({ name: scenario.name, place: scenario.place });
  changed(true);
};

export const lever = (id) => scenario.levers.find((one) => one.id === id);

/** Say how a lever differs from the record, or with nothing that it does not. */
export const setLever = (id, how) => {
  scenario.levers = scenario.levers.filter((one) => one.id !== id);
  if (how) scenario.levers.push({ id, ...how });
  changed();
};

/** Say how many beds a place has since a day; with none, no more. */
export const setBeds = (place, since, beds = null) => {
  scenario.beds = scenario.beds.filter((one) => one.place !== place || (one.since ?? "") !== (since ?? ""));
  if (beds !== null) scenario.beds.push(since ? { place, beds, since } : { place, beds });
  changed();
};

/** Weigh an event's outcomes, or with nothing as the corridor does. */
export const setWeights = (event, shares) => {
  const { [event]: _, ...others } = scenario.weights;
  scenario.weights = shares ? { ...others, [event]: shares } : others;
  keep();
};

/** Whether a text is a day that exists, written year-month-day. */
export const isDay = (text) => {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : NaN;
  return !Number.isNaN(day) && new Date(day).toISOString().startsWith(text);
};
