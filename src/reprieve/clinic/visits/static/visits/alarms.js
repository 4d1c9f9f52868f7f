// @ts-check
/** The alarm strip: word, shape and asterisks beside the colour; rows are kept by key so that nothing jumps under a finger. */

const WORDS = { CAUTION: "Caution", STOP: "Stop", EMERGENCY: "Emergency" };
const STARS = { CAUTION: "*", STOP: "**", EMERGENCY: "***" };
const ICONS = { CAUTION: "ti-alert-circle", STOP: "ti-alert-triangle", EMERGENCY: "ti-alert-octagon" };

/** @param {Element} row @param {string} name @param {string} words */
function put(row, name, words) {
  const place = row.querySelector(`[data-part="${name}"]`);
  if (place && place.textContent !== words) place.textContent = words;
}

/** @param {HTMLElement} row @param {Alarm} alarm @param {(ms: number) => string} clock */
function fill(row, alarm, clock) {
  row.dataset.level = alarm.level;
  row.toggleAttribute("data-acknowledged", alarm.acknowledged_by !== null);
  put(row, "stars", STARS[alarm.level]);
  put(row, "word", WORDS[alarm.level]);
  put(row, "label", alarm.label);
  put(row, "pending", alarm.pending ? "not yet confirmed" : "");
  put(row, "advice", alarm.advice);
  put(row, "since", `since ${clock(Date.parse(alarm.since_at))}`);
  put(row, "by", alarm.acknowledged_by ? `Acknowledged by ${alarm.acknowledged_by}` : "");
  row.querySelector("[data-part=icon]")?.setAttribute("class", `ti ${ICONS[alarm.level]}`);
  const due = row.querySelector("[data-part=recheck]");
  due?.toggleAttribute("hidden", alarm.recheck_due_at === null);
  const left = due?.querySelector("time");
  if (left && alarm.recheck_due_at) left.setAttribute("data-due", alarm.recheck_due_at);
  const key = row.querySelector("input[name=alarm_key]");
  if (key instanceof HTMLInputElement) key.value = alarm.key;
  row.querySelector("form")?.toggleAttribute("hidden", alarm.acknowledged_by !== null);
}

export class AlarmStrip {
  /** @type {Set<string>} */
  #announced = new Set();

  /** @param {HTMLElement} root @param {import("./live.js").LiveSession} live @param {(ms: number) => string} clock */
  constructor(root, live, clock) {
    this.root = root;
    this.list = /** @type {HTMLElement} */ (root.querySelector("[data-alarm-list]"));
    this.template = /** @type {HTMLTemplateElement} */ (root.querySelector("template"));
    this.clock = clock;
    live.addEventListener("state", () => this.show(live.snapshot.state.alarms));
    this.show(live.snapshot.state.alarms);
  }

  /** @param {Alarm[]} alarms */
  show(alarms) {
    const rows = new Map([...this.list.children].map((row) => [row.getAttribute("data-key"), /** @type {HTMLElement} */ (row)]));
    for (const alarm of alarms) {
      const row = rows.get(alarm.key) ?? this.#add(alarm);
      rows.delete(alarm.key);
      fill(row, alarm, this.clock);
    }
    for (const row of rows.values()) row.remove();
    this.root.querySelector("[data-no-alarm]")?.toggleAttribute("hidden", alarms.length > 0);
    this.#pill(alarms);
    this.#announce(alarms);
  }

  /** The gravest alarm also stands in the bar at the bottom, which never scrolls away. @param {Alarm[]} alarms */
  #pill(alarms) {
    const pill = document.querySelector("[data-alarm-pill]");
    if (!(pill instanceof HTMLElement)) return;
    const open = alarms.filter((alarm) => alarm.acknowledged_by === null);
    const worst = [...(open.length ? open : alarms)].sort((a, b) => STARS[b.level].length - STARS[a.level].length)[0];
    pill.hidden = worst === undefined;
    if (worst) fill(pill, worst, this.clock);
  }

  /** @param {Alarm} alarm */
  #add(alarm) {
    const row = /** @type {HTMLElement} */ (/** @type {Element} */ (this.template.content.firstElementChild).cloneNode(true));
    row.dataset.key = alarm.key;
    this.list.append(row);
    return row;
  }

  /** @param {Alarm[]} alarms */
  #announce(alarms) {
    const keys = new Set(alarms.map((alarm) => `${alarm.key} ${alarm.level}`));
    const fresh = alarms.filter((alarm) => !this.#announced.has(`${alarm.key} ${alarm.level}`) && !alarm.acknowledged_by);
    const voice = this.root.querySelector("[data-voice]");
    if (voice && fresh.length) voice.textContent = fresh.map((a) => `${WORDS[a.level]} alarm: ${a.label}. ${a.advice}`).join(" ");
    else if (voice && this.#announced.size && keys.size === 0) voice.textContent = "No alarms.";
    this.#announced = keys;
  }
}
