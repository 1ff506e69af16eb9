// The page in a notebook: it asks the kernel, and the widget keeps what it keeps.

import { $ } from "./dom.js";
import { asked, changed, take } from "./scenario.js";

const { model } = frameElement;
const KEPT = { "rumbo-language": "language", "rumbo-scenario": "asked" };

Object.defineProperty(window, "sessionStorage", { value: {
  // Any token will do: a kernel needs none.
  getItem: (key) => model.get(KEPT[key]) ?? key,
  setItem: (key, text) => {
    model.set(KEPT[key] ?? key, text);
    model.save_changes();
  },
} });

window.fetch = (path, { body } = {}) => new Promise((done) => {
  const id = String(Math.random());
  const { readable, writable } = new TextEncoderStream();
  const pen = writable.getWriter();
  const hear = (one) => {
    if (one.id !== id) return;
    if (one.status) done(new Response(readable, one));
    if (one.text) pen.write(one.text);
    if (one.end) {
      pen.close();
      model.off("msg:custom", hear);
    }
  };
  model.on("msg:custom", hear);
  model.send({ id, path, body });
});

// The page asks what a cell asks, unless its frame is gone.
model.on("change:asked", () => {
  const other = model.get("asked");
  if (!frameElement || other === JSON.stringify(asked())) return;
  take(JSON.parse(other));
  changed(true);
});

fetch("/page/vega.js").then((one) => one.blob()).then((one) => { $("vega").src = URL.createObjectURL(one); });
