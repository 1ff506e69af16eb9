// What is asked: one plain object, the same that is sent, saved and opened again.

import { spoken } from "./words.js";

const KEPT = "rumbo-scenario";
const empty = () => ({ name: "", question: null, levers: [], beds: [], place: null });

export const scenario = empty();
const watchers = [];

/** Call something whenever the scenario has changed; `whole` says that all of it is new. */
export const watch = (told) => { watchers.push(told); };

export const changed = (whole = false) => {
  sessionStorage.setItem(KEPT, JSON.stringify(asked()));
  for (const told of watchers) told(whole);
};

/** The scenario as it is sent. */
export const asked = () => ({ ...structuredClone(scenario), language: spoken() });

/** Take a scenario that was kept or opened; what it does not say is as on the record. */
export const take = (other) => {
  const { language, ...rest } = other;
  Object.assign(scenario, empty(), rest);
};

export const kept = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
};

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

/** Say how many beds a place has since a day, in the stead of what was said before of both. */
export const setBeds = (place, beds, since) => {
  dropBeds(place, since);
  scenario.beds.push(since ? { place, beds, since } : { place, beds });
  changed();
};

const dropBeds = (place, since) => {
  scenario.beds = scenario.beds.filter((one) => one.place !== place || (one.since ?? "") !== (since ?? ""));
};

export const removeBeds = (place, since) => {
  dropBeds(place, since);
  changed();
};

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** Whether a text is a day that exists, written year-month-day. */
export const isDay = (text) => {
  if (!DAY.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
};
