// Where ways are drawn on the map.

import { svg } from "./dom.js";

/** Move a way to its right, so that both directions can be seen. */
export const aside = (from, to, by) => {
  if (!from || !to) return null;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const long = Math.hypot(dx, dy) || 1;
  return `translate(${(-dy / long) * by} ${(dx / long) * by})`;
};

/** Where a way has its arrowhead, and which way that points. */
export const middle = (way) => {
  if (way.middle) return way.middle;
  const path = svg("path", { d: way.path });
  const half = path.getTotalLength() / 2;
  const [a, b] = [half - 0.5, half + 0.5].map((one) => path.getPointAtLength(one));
  way.middle = `translate(${b.x} ${b.y}) rotate(${(Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI})`;
  return way.middle;
};

/** Things by their ids. */
export const byId = (all) => Object.fromEntries(all.map((one) => [one.id, one]));
