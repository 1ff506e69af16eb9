// How the page speaks with the desk: every request carries the token; answers come line by line.

import { pick, t } from "./words.js";

const asked = new URLSearchParams(location.hash.slice(1));
const KEY = "rumbo-token";

/** The token of the address; kept for this tab, so that a reload still works. */
export const token = asked.get("token") ?? sessionStorage.getItem(KEY);
if (token) sessionStorage.setItem(KEY, token);
export const wish = asked.get("language");

/** What the desk would not do, in sentences. */
export class Refusal extends Error {
  constructor(faults) {
    super("refused");
    this.faults = faults.map((one) => pick(one) || one);
  }
}

/** The connection broke before the answer was whole. */
export class Dropped extends Error {}

const orDropped = (error) => {
  throw error instanceof Refusal || error.name === "AbortError" ? error : new Dropped();
};

/** Why something came to nothing, in sentences. */
export const faultsOf = (error) => (error instanceof Refusal ? error.faults : [t("dropped")]);

const request = async (path, body, signal) => {
  const response = await fetch(path, {
    method: body ? "POST" : "GET", body: body && JSON.stringify(body), signal, cache: "no-store",
    headers: { "X-Rumbo-Token": token, "Content-Type": "application/json" },
  }).catch(orDropped);
  if (response.ok) return response;
  const told = await response.json().catch(() => ({}));
  throw new Refusal(told.faults ?? [`${response.status} ${response.statusText}`]);
};

export const get = async (path) => (await request(path)).json();
export const post = async (path, body) => (await request(path, body)).json();

/** Give each line of an answer as it comes; one that ends without an end was dropped. */
export async function* lines(path, body, signal) {
  const reader = (await request(path, body, signal)).body
    .pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let ended = false;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const parts = (rest + value).split("\n");
      rest = parts.pop();
      for (const part of parts.filter(Boolean)) {
        const line = JSON.parse(part);
        if (line.step === "fault") throw new Refusal(line.faults);
        ended = line.step === "done" || line.step === "cancelled";
        yield line;
      }
    }
  } catch (error) { orDropped(error); }
  if (!ended) throw new Dropped();
}
