// Shelter places: those known, and those written in their stead.

import { $, button, choice, el, field } from "./dom.js";
import { bedsIn, checkDay, dayField, placeOptions } from "./questions.js";
import { removeBeds, scenario, setBeds } from "./scenario.js";
import { exact, t } from "./words.js";

const named = (desk, id) => desk.places.find((one) => one.id === id)?.name ?? id;

const known = (desk, id) => {
  const beds = desk.places.find((one) => one.id === id)?.beds;
  if (!beds) return t("beds.unknown");
  const source = beds.source === "assumed" ? t("speaks.assumed_short") : `${t("source")} ${beds.source}`;
  const values = { value: exact(beds.value), low: exact(beds.low), high: exact(beds.high), source };
  return beds.low === null || beds.low === undefined || beds.low === beds.high
    ? t("beds.known_one", values) : t("beds.known", values);
};

const listed = (desk) =>
  scenario.beds.map(({ place, beds, since }) => {
    const values = { place: named(desk, place), beds: exact(beds), since };
    const text = since ? t("beds.said_since", values) : t("beds.said", values);
    return el("li", {}, text, " ",
      button(t("remove"), () => {
        removeBeds(place, since);
        $("bed-form").querySelector("select").focus();
      }, { "aria-label": `${t("remove")}: ${text}` }));
  });

export const showBeds = (desk) => $("bed-list").replaceChildren(...listed(desk));

/** Make the form by which a number of beds is written for a place. */
export const makeBeds = (desk) => {
  const note = el("p", { class: "soft" });
  const tell = () => { note.textContent = known(desk, $("bed-place").value); };
  const beds = field(t("beds.number"), { inputmode: "numeric", class: "number", maxlength: 7 });
  const since = dayField(t("beds.since"));
  $("bed-form").replaceChildren(
    choice("bed-place", t("beds.place"), placeOptions(desk), { change: tell }), note,
    beds.box, since.box, el("button", { type: "submit" }, t("beds.set")));
  $("bed-form").onsubmit = (event) => {
    event.preventDefault();
    const number = bedsIn(beds);
    if (!checkDay(since, desk) || number === null) return (number === null ? beds : since).input.focus();
    return setBeds($("bed-place").value, number, since.input.value.trim());
  };
  tell();
  showBeds(desk);
};
