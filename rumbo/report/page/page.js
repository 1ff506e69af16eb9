"use strict";
(async () => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const { specs, charts, locale } = read("drawing");
  const views = {};

  const cell = (column, row) => (column.codes ? column.values[column.codes[row]] : column[row]);
  const rows = ({ length, columns }) =>
    Array.from({ length }, (_, row) =>
      Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, cell(column, row)])));

  const filled = (chart) => {
    const spec = structuredClone(specs[chart.spec]);
    spec.description = chart.alt;
    spec.datasets = Object.fromEntries(
      Object.entries(chart.data).map(([name, table]) => [name, rows(table)]));
    for (const param of spec.params ?? [])
      if (param.name in chart.params) param.value = chart.params[param.name];
    return spec;
  };

  const options = {
    mode: "vega-lite",
    renderer: "svg",
    actions: false,
    logLevel: 1, // errors only: a series without reported figures is no fault
    formatLocale: locale.formatLocale,
    timeFormatLocale: locale.timeFormatLocale,
    tooltip: { sanitize: (value) => String(value).replace(/&/g, "&amp;").replace(/</g, "&lt;") },
  };
  const pause = () => new Promise((done) => setTimeout(done, 0));

  const draw = async (chart) => {
    const box = document.getElementById(chart.id);
    const { view } = await window.vegaEmbed(box, filled(chart), options);
    views[chart.id] = view;
    // The box says what it shows; single marks say nothing to those who do not see them.
    box.querySelector("svg").setAttribute("aria-hidden", "true");
    box.dataset.drawn = "yes";
  };

  const steer = (controls, view) => {
    const month = controls.querySelector("[name=month]");
    const scenario = controls.querySelector("[name=scenario]");
    const shown = controls.querySelector("output");
    const update = () => {
      shown.textContent = shown.dataset.months.split("|")[month.value];
      month.setAttribute("aria-valuetext", shown.textContent);
      view.signal("month", Number(month.value));
      if (scenario) view.signal("scenario", Number(scenario.value));
      view.runAsync();
    };
    month.addEventListener("input", update);
    scenario?.addEventListener("change", update);
    controls.hidden = false;
    update();
  };

  // A chart that was drawn behind a fold may have had no width; if so all are fitted once.
  const fits = (box) => {
    const svg = box.querySelector("svg");
    return !svg || !box.clientWidth || Math.abs(svg.clientWidth - box.clientWidth) < 2;
  };
  let asked = false;
  const fit = (event) => {
    if (asked || !event.target.open) return;
    if ([...event.target.querySelectorAll(".drawing")].every(fits)) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      window.dispatchEvent(new Event("resize"));
    });
  };
  for (const fold of document.querySelectorAll("details")) fold.addEventListener("toggle", fit);

  // Only this page's own folds are opened for paper, and closed after it; data stay behind theirs.
  let closed = [];
  window.addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll("details:not([open], .data)")];
    for (const fold of closed) fold.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const fold of closed) fold.open = false;
  });

  // What is only written beside a mark is left out of the data; so is what only frames a chart.
  const spoken = new Set(["when", "wide", "half", "mid", "seen", "shown", "told", "colour", "line", "lines"]);
  const frames = new Set(["zero", "land", "usual", "names", "ends", "run", "marks"]);
  const shares = new Set(["kept", "lines", "weights"]);  // of which none is a number of people
  const small = (value) => Number.isInteger(value) && value !== 0 && Math.abs(value) < 10;
  const counted = /^(low|low_half|middle|mid|high_half|high)$/;

  const quoted = (value, column, kind) => {
    if (value === null || value === undefined) return "";
    if (typeof value === "number")
      return counted.test(column) && small(value) && !shares.has(kind) ? (value < 0 ? ">-10" : "<10") : String(value);
    const safe = /^[=+\-@\t\r]./s.test(value) && Number.isNaN(Number(value)) ? `'${value}` : String(value);
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };

  const within = (figure) =>
    charts.filter((chart) => figure.contains(document.getElementById(chart.id)));

  const table = (figure) => {
    const lines = within(figure).flatMap((chart) =>
      Object.entries(chart.data)
        .filter(([kind]) => !frames.has(kind))
        .flatMap(([kind, data]) =>
          rows(data).map((row) => ({ series: chart.title, kind, ...row }))));
    const columns = [...new Set(lines.flatMap(Object.keys))].filter((name) => !spoken.has(name));
    const cells = (line) => columns.map((name) => quoted(line[name], name, line.kind)).join(",");
    return [columns.join(","), ...lines.map(cells)].join("\n") + "\n";
  };

  const font = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";
  const escaped = (text) =>
    text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
  const line = (text, x, y, size, weight = 400) =>
    `<text x="${x}" y="${y}" font-family="${font}" font-size="${size}" font-weight="${weight}" ` +
    `fill="#222">${escaped(text)}</text>`;

  const wrapped = (text, most) =>
    text.split(" ").reduce((lines, word) => {
      const last = lines[lines.length - 1];
      if (last && last.length + word.length < most) lines[lines.length - 1] = `${last} ${word}`;
      else lines.push(word);
      return lines;
    }, []);

  const swatches = (figure, wide, top) => {
    let [x, y] = [0, top];
    const parts = [...figure.querySelectorAll(".legend li")].map((mark) => {
      const style = getComputedStyle(mark.querySelector("i"));
      const ruled = style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) > 0;
      const hue = ruled ? style.borderTopColor : style.backgroundColor;
      const text = mark.textContent.trim();
      const room = 34 + 6.6 * text.length;
      if (x && x + room > wide) [x, y] = [0, y + 18];
      const at = x;
      x += room;
      return `<rect x="${at}" y="${y - (ruled ? 6 : 10)}" width="18" height="${ruled ? 3 : 10}" ` +
        `fill="${hue}"/>${line(text, at + 24, y, 12)}`;
    });
    return { text: parts.join(""), bottom: parts.length ? y + 10 : top - 14 };
  };

  const picture = async (figure) => {
    const area = figure.querySelector(".charts").getBoundingClientRect();
    const most = Math.floor(area.width / 6.4);
    const titles = wrapped(figure.querySelector("h3").textContent.trim(), most * 0.8);
    let top = 22 * titles.length + 22;
    const legend = swatches(figure, area.width, top);
    top = legend.bottom + 8;
    const drawn = await Promise.all(within(figure).map(async (chart, n) => {
      const box = document.getElementById(chart.id).getBoundingClientRect();
      const [x, y] = [box.left - area.left, box.top - area.top + top];
      // Marks are cut by shapes whose names each drawing counts from 0.
      const svg = (await views[chart.id].toSVG())
        .replace(/(id="|url\(#)/g, `$1c${n}-`)
        .replace(/^[\s\S]*?<svg /, `<svg x="${x}" y="${y}" `);
      return svg + (chart.title ? line(chart.title, x, y - 6, 13, 600) : "");
    }));
    const foot = wrapped(figure.querySelector(".source span").textContent.trim(), most);
    const below = top + area.height + 20;
    const [wide, high] = [area.width + 32, below + 16 * foot.length + 24];
    return { wide, high, text:
      `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" ` +
      `width="${wide}" height="${high}" viewBox="-16 -16 ${wide} ${high}">` +
      `<rect x="-16" y="-16" width="100%" height="100%" fill="#fff"/>` +
      titles.map((text, n) => line(text, 0, 16 + 22 * n, 18, 650)).join("") +
      legend.text + drawn.join("") +
      foot.map((text, n) => line(text, 0, below + 16 * n, 12)).join("") + "</svg>" };
  };

  const painted = async ({ wide, high, text }) => {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * wide, 2 * high];
    const brush = canvas.getContext("2d");
    brush.scale(2, 2);
    brush.drawImage(image, 0, 0, wide, high);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };

  const made = {
    csv: async (figure) => new Blob(["\ufeff", table(figure)], { type: "text/csv" }),
    svg: async (figure) => new Blob([(await picture(figure)).text], { type: "image/svg+xml" }),
    png: async (figure) => painted(await picture(figure)),
  };

  document.addEventListener("click", async (event) => {
    const kind = event.target.dataset?.take;
    if (!kind) return;
    const figure = event.target.closest("figure");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await made[kind](figure));
    link.download = `rumbo-${figure.id}.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });

  for (const chart of charts) {
    await draw(chart);
    if (chart.spec === "map") steer(document.getElementById("map-controls"), views[chart.id]);
    await pause();
  }
  document.documentElement.dataset.charts = "drawn";
})();
