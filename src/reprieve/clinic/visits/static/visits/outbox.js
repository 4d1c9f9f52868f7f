// @ts-check
/** Entries on their way. Each keeps its own id until the server has it, so none is lost and none counts twice. */

const RETRY_MS = 5_000;

/** crypto.randomUUID needs HTTPS or localhost; a clinic's own network may have neither. */
export function newId() {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** @param {Response} answer */
async function sentenceOf(answer) {
  const body = await answer.text();
  try {
    const { sentence, code } = JSON.parse(body);
    return code ? `${sentence} (${code})` : String(sentence);
  } catch {
    return body.length < 400 && !body.includes("<html") ? body : `The server refused this entry (${answer.status}).`;
  }
}

/** Event: `change`, when the list of waiting or refused entries is another. */
export class Outbox extends EventTarget {
  /** @type {Promise<void> | null} */
  #flight = null;
  /** @type {{entry: Entry, sentence: string}[]} */
  refused = [];
  trouble = "";

  /** @param {string} sessionId @param {string} csrfToken */
  constructor(sessionId, csrfToken) {
    super();
    this.key = `reprieve.outbox.${sessionId}`;
    this.csrfToken = csrfToken;
    /** @type {Entry[]} */
    this.waiting = JSON.parse(localStorage.getItem(this.key) ?? "[]");
    setInterval(() => void this.flush(), RETRY_MS);
    addEventListener("online", () => void this.flush());
    void this.flush();
  }

  /** Keep first, then send. @param {Entry} entry @returns {Promise<Outcome>} */
  async put(entry) {
    this.waiting.push(entry);
    this.#keep();
    await this.flush();
    await this.flush(); // the first may have been a flight that left before this entry came
    const refusal = this.refused.find((other) => other.entry.id === entry.id);
    if (refusal) {
      this.refused = this.refused.filter((other) => other !== refusal); // the form says it, with the values still in it
      this.#keep();
      return { status: "refused", sentence: refusal.sentence };
    }
    const still = this.waiting.some((other) => other.id === entry.id);
    return still ? { status: "waiting", sentence: this.trouble } : { status: "sent", sentence: "" };
  }

  /** Send what waits, oldest first; stop at the first that cannot go. One flight at a time. */
  flush() {
    this.#flight ??= this.#sendAll().finally(() => {
      this.#flight = null;
    });
    return this.#flight;
  }

  async #sendAll() {
    while (this.waiting[0] && (await this.#send(this.waiting[0]))) {
      this.waiting.shift();
      this.#keep();
    }
  }

  /** True when the server has taken or finally refused the entry. @param {Entry} entry */
  async #send(entry) {
    try {
      const headers = { "X-CSRFToken": this.csrfToken, "HX-Request": "true", Accept: "application/json" };
      const body = new URLSearchParams(entry.fields);
      // keepalive: an entry tapped just before leaving the page still goes out
      const answer = await fetch(entry.url, { method: "POST", headers, body, redirect: "manual", keepalive: true });
      this.trouble = "";
      if (answer.ok) return true;
      if (answer.status === 422 || answer.status === 400 || answer.status === 404 || answer.status === 409) {
        this.refused.push({ entry, sentence: await sentenceOf(answer) });
        return true;
      }
      this.trouble = answer.type === "opaqueredirect" || answer.status === 403 ? "You are signed out: sign in again in another tab." : `The server cannot answer (${answer.status}).`;
    } catch {
      this.trouble = "No connection to the server.";
    }
    this.dispatchEvent(new Event("change"));
    return false;
  }

  dismissRefused() {
    this.refused = [];
    this.dispatchEvent(new Event("change"));
  }

  #keep() {
    localStorage.setItem(this.key, JSON.stringify(this.waiting));
    this.dispatchEvent(new Event("change"));
  }
}
