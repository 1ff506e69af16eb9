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

  for (const chart of charts) {
    await draw(chart);
    if (chart.spec === "map") steer(document.getElementById("map-controls"), views[chart.id]);
    await pause();
  }
  document.documentElement.dataset.charts = "drawn";
})();
