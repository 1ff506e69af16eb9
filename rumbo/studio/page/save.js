// Files: data and pictures of a figure as shown; a scenario kept and opened; report and tables.

import { $, button, el, field } from "./dom.js";
import { asked, changed, scenario, take } from "./scenario.js";
import { post, Refusal } from "./ask.js";
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

const wrapped = (text, most) =>
  text.split(" ").reduce((all, word) => {
    const last = all.at(-1);
    if (last && last.length + word.length < most) all[all.length - 1] = `${last} ${word}`;
    else all.push(word);
    return all;
  }, []);

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

export const differing = (answer) =>
  answer.differs?.length ? answer.differs.map(pick).join("; ") : t("looking.record");
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

const tell = (note, text, bad = false) => {
  note.textContent = text;
  note.classList.toggle("wrong", bad);
};

const faults = (error) => (error instanceof Refusal ? error.faults.join(" ") : t("dropped"));

/** Make the name, and the buttons that keep and open a scenario. */
export const makeKeep = () => {
  const note = el("p", { role: "status" });
  const name = field(t("keep.name"), { value: scenario.name, maxlength: 80 });
  name.input.addEventListener("change", () => { scenario.name = name.input.value.trim(); });
  const save = async () => {
    try {
      const made = await post("/api/save", { scenario: asked() });
      hand(new Blob([made.text], { type: "application/json" }), made.name);
      tell(note, t("keep.saved", { name: made.name }));
    } catch (error) { tell(note, faults(error), true); }
  };
  const open = async ({ target }) => {
    try {
      const told = await post("/api/open", { text: await target.files[0].text(), language: asked().language });
      take(told.scenario);
      changed(true);
      tell($("keep-form").querySelector("[role=status]"), t("keep.opened"));
    } catch (error) { tell(note, faults(error), true); }
    target.value = "";
  };
  // The browser would say "choose file" in its own language.
  const file = el("input", { type: "file", accept: ".json", hidden: true, change: open });
  $("keep-form").replaceChildren(name.box, el("div", { class: "inline" },
    button(t("keep.save"), save, { id: "save" }), button(t("keep.open"), () => file.click(), { id: "open" })), file, note);
};

/** Let the buttons below an answer write the report and the tables of its kept run. */
export const makeWriters = () => {
  for (const [id, path] of [["report", "/api/report"], ["export", "/api/export"]])
    $(id).onclick = async () => {
      tell($("kept"), t("writing"));
      try {
        const { language, ...rest } = asked();
        const made = await post(path, { scenario: { ...rest, language }, language });
        tell($("kept"), t("written", { path: made.path }));
      } catch (error) { tell($("kept"), faults(error), true); }
    };
};
