// Shelter places: those known, and those written in their stead.

import { $, button, el, say, standing } from "./dom.js";
import { bedsIn, checkDay, placeOptions } from "./questions.js";
import { scenario, setBeds } from "./scenario.js";
import { grouped, pick, t } from "./words.js";

const placed = (desk, id) => desk.places.find((one) => one.id === id);

const listed = (desk) =>
  scenario.beds.map(({ place, beds, since }) => {
    const values = { place: pick(placed(desk, place)?.name) || place, beds: grouped(beds), since };
    const text = since ? t("beds.said_since", values) : t("beds.said", values);
    return el("li", {}, text, " ",
      button(t("remove"), () => {
        setBeds(place, since);
        $("bed-place").focus();
      }, { "aria-label": `${t("remove")}: ${text}` }));
  });

export const showBeds = (desk) => $("bed-list").replaceChildren(...listed(desk));

/** Fill the form by which a number of beds is written for a place. */
export const makeBeds = (desk) => {
  const [beds, since] = ["bed-number", "bed-since"].map(standing);
  const tell = () => say("bed-known", pick(placed(desk, $("bed-place").value).known));
  $("bed-place").replaceChildren(...placeOptions(desk));
  $("bed-place").onchange = tell;
  $("bed-form").onsubmit = (event) => {
    event.preventDefault();
    const number = bedsIn(beds);
    if (!checkDay(since, desk) || number === null) return (number === null ? beds : since).input.focus();
    return setBeds($("bed-place").value, since.input.value.trim(), number);
  };
  tell();
  showBeds(desk);
};
