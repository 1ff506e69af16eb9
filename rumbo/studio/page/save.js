// Files: data and pictures as shown; a scenario kept and opened; report, tables.

import { $, button, el, say } from "./dom.js";
import { asked, changed, scenario, take } from "./scenario.js";
import { faultsOf, post } from "./ask.js";
import { csv } from "./table.js";
import { hue } from "./chart.js";
import { pick, t } from "./words.js";

const hand = (blob, name) => {
  const link = el("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
const line = (text, y, size, weight = 400, x = 0) =>
  `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" font-weight="${weight}" fill="${hue("ink")}">${escaped(text)}</text>`;

/** Lines of at most so many letters; a longer word has one of its own. */
const wrapped = (text, most) =>
  text.match(new RegExp(`\\S.{0,${Math.floor(most)}}(?=\\s|$)|\\S+`, "g")) ?? [];

/** One picture: title, what differs from the record, legend, drawings, source. */
const picture = async (figure) => {
  const drawn = await Promise.all(figure.drawings());
  const width = Math.max(...drawn.map((one) => one.width), 300);
  const parts = [];
  let y = 0;
  const write = (text, size, weight) => {
    for (const one of wrapped(text, width / (size * 0.54))) parts.push(line(one, (y += size * 1.35), size, weight));
  };
  write(figure.title, 18, 650);
  write(differing(figure.answer), 13);
  for (const item of figure.box.querySelectorAll(".legend li")) {
    const side = ["base", "changed"].find((one) => item.querySelector(`.${one}`));
    y += 18;
    const fade = item.querySelector(".wide") ? 0.25 : item.querySelector(".half") ? 0.5 : 1;
    if (side) parts.push(`<rect y="${y - 9}" width="20" height="8" fill="${hue(side)}" opacity="${fade}"/>`);
    parts.push(line(item.textContent, y, 12, 400, side ? 28 : 0));
  }
  for (const [n, one] of drawn.entries()) {
    y += 14;
    if (one.title) write(one.title, 13, 600);
    // Marks are cut by shapes whose names each drawing counts from 0.
    parts.push(one.text.replace(/(id="|url\(#)/g, `$1d${n}-`).replace(/^[\s\S]*?<svg /, `<svg x="0" y="${y}" `));
    y += one.height;
  }
  write(sourceOf(figure.answer), 12);
  const [wide, high] = [width + 32, y + 40];
  return { wide, high, text: `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" `
    + `width="${wide}" height="${high}" viewBox="-16 -12 ${wide} ${high}"><rect x="-16" y="-12" width="100%" height="100%" `
    + `fill="${hue("paper")}"/>${parts.join("")}</svg>` };
};

const painted = async ({ wide, high, text }) => {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = el("canvas");
  [canvas.width, canvas.height] = [2 * wide, 2 * high];
  const brush = canvas.getContext("2d");
  brush.scale(2, 2);
  brush.drawImage(image, 0, 0, wide, high);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
};

export const differing = ({ differs }) => differs.map(pick).join("; ");
const sourceOf = (answer) => `${t("source")} ${pick(answer.source)}. ${t(`step.${answer.step}`, { n: answer.members })}`;

const MADE = {
  csv: async (figure) => new Blob([csv(figure.lines())], { type: "text/csv" }),
  svg: async (figure) => new Blob([(await picture(figure)).text], { type: "image/svg+xml" }),
  png: async (figure) => painted(await picture(figure)),
};
const TEXTS = () => ({ csv: t("take_data"), png: t("take_picture"), svg: t("take_drawing") });

/** The source of a figure, and buttons that give its files. */
export const takers = (figure, answer, kinds = ["csv", "png", "svg"]) =>
  el("div", { class: "source" }, el("span", {}, sourceOf(answer)),
    answer.members !== 1 && el("span", { class: "take" }, kinds.map((kind) =>
      button(TEXTS()[kind], async () => hand(await MADE[kind](figure), `rumbo-${figure.id}.${kind}`),
        { "data-take": kind, "aria-label": `${TEXTS()[kind]}: ${figure.title}` }))));

/** Do something, and say in a note what came of it or why nothing did. */
const noting = async (id, work) => {
  const note = $(id);
  try {
    note.classList.remove("wrong");
    note.textContent = await work();
  } catch (error) {
    note.classList.add("wrong");
    note.textContent = faultsOf(error).join(" ");
  }
};

/** Fill the name, and let the buttons keep and open a scenario. */
export const makeKeep = () => {
  const [name, file] = [$("keep-name"), $("keep-file")];
  name.value = scenario.name;
  name.onchange = () => { scenario.name = name.value.trim(); };
  $("save").onclick = () => noting("keep-note", async () => {
    const made = await post("/api/save", { scenario: asked() });
    hand(new Blob([made.text], { type: "application/json" }), made.name);
    return t("keep.saved", { name: made.name });
  });
  // The browser would say "choose file" in its own language.
  $("open").onclick = () => file.click();
  file.onchange = () => noting("keep-note", async () => {
    const text = await file.files[0].text();
    file.value = "";
    const { scenario: opened, notes } = await post("/api/open", { text, language: asked().language });
    take(opened);
    changed(true);
    return [t("keep.opened"), ...notes.map(pick)].join(" ");
  });
};

/** Let the buttons below an answer write the report and the tables of its kept run. */
export const makeWriters = () => {
  for (const id of ["report", "export"])
    $(id).onclick = () => noting("kept", async () => {
      say("kept", t("writing"));
      return t("written", { path: (await post(`/api/${id}`, { scenario: asked() })).path });
    });
};
