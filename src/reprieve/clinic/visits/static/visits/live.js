// @ts-check
/** What the server last said about this session, and the line it says it on. */

const POLL_EVERY_MS = 5_000;
const QUIET_AFTER_MS = 20_000;
const RECONNECT_MS = 3_000;

/** A point sent again under its id replaces the one before. @param {Mark[]} known @param {Mark[]} fresh */
function merge(known, fresh) {
  for (const point of fresh) {
    const at = known.findIndex((other) => other.id === point.id);
    if (at >= 0) known[at] = point;
    else known.push(point);
  }
  known.sort((a, b) => a.t - b.t);
}

/** Events: `points`, `state`, `curve`, `flowsheet`, `line`. */
export class LiveSession extends EventTarget {
  #heardAt = Date.now();
  #polledAt = 0;
  #polling = false;

  /** @param {Snapshot} snapshot @param {{live: string, stream: string}} urls */
  constructor(snapshot, urls) {
    super();
    this.urls = urls;
    this.snapshot = snapshot;
    /** The browser's clock is not trusted: ages are counted on the server's. */
    this.clockOffsetMs = Date.parse(snapshot.now_at) - Date.now();
    /** @type {LineStatus} */
    this.line = { kind: "open", since: Date.now() };
  }

  start() {
    this.#connect();
    setInterval(() => this.#watch(), 1_000);
  }

  /** Now by the server's clock, in ms. */
  now() {
    return Date.now() + this.clockOffsetMs;
  }

  /** Minutes since the origin of the time axis. */
  minute() {
    return (this.now() - Date.parse(this.snapshot.origin_at)) / 60_000;
  }

  #connect() {
    const source = new EventSource(this.urls.stream);
    source.onopen = () => {
      this.#heardAt = Date.now();
      this.#setLine("open");
      void this.refresh(); // whatever happened between the page and this line
    };
    source.onerror = () => {
      this.#setLine(this.line.kind === "polling" ? "polling" : "lost");
      if (source.readyState === EventSource.CLOSED) setTimeout(() => this.#connect(), RECONNECT_MS);
    };
    for (const kind of ["readings", "state", "curve", "changed"]) {
      source.addEventListener(kind, (event) => this.#take(kind, JSON.parse(event.data)));
    }
  }

  /** @param {string} kind @param {any} data */
  #take(kind, data) {
    this.#heardAt = Date.now();
    const { points, flags } = this.snapshot;
    if (kind === "readings") {
      for (const [lane, fresh] of Object.entries(data.points)) merge(points[/** @type {Lane} */ (lane)], fresh);
      for (const flag of data.flags ?? []) if (!flags.some((known) => known.id === flag.id)) flags.push(flag);
      this.#tell("points");
    } else if (kind === "state") {
      this.snapshot.state = data;
      if (data.origin_at && data.origin_at !== this.snapshot.origin_at) void this.refresh();
      this.#tell("state");
    } else if (kind === "curve") {
      Object.assign(this.snapshot, { rates: data.rates, prediction: data.prediction });
      this.#tell("curve");
    } else this.#tell("flowsheet");
  }

  #watch() {
    const broken = this.line.kind !== "open" || Date.now() - this.#heardAt > QUIET_AFTER_MS;
    if (broken && Date.now() - this.#polledAt > POLL_EVERY_MS) void this.refresh();
  }

  /** Fetch the whole snapshot again; says over `line` whether that worked. */
  async refresh() {
    if (this.#polling) return;
    this.#polling = true;
    this.#polledAt = Date.now();
    try {
      const answer = await fetch(this.urls.live, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (!answer.ok) throw new Error(String(answer.status));
      this.snapshot = await answer.json();
      this.clockOffsetMs = Date.parse(this.snapshot.now_at) - Date.now();
      this.#heardAt = Date.now();
      if (this.line.kind === "lost") this.#setLine("polling");
      for (const topic of ["points", "state", "curve", "flowsheet"]) this.#tell(topic);
    } catch {
      this.#setLine("lost");
    } finally {
      this.#polling = false;
    }
  }

  /** @param {LineStatus["kind"]} kind */
  #setLine(kind) {
    if (this.line.kind === kind) return;
    const since = kind === "open" || this.line.kind === "open" ? this.now() : this.line.since;
    this.line = { kind, since };
    this.#tell("line");
  }

  /** @param {string} topic */
  #tell(topic) {
    this.dispatchEvent(new Event(topic));
  }
}
