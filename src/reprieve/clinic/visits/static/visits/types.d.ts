/** The shapes of `live.json` and of the events on the stream. Minutes `t` count from `origin_at`. */

declare module "*/uPlot.esm.js" {
  import uPlot from "uplot";
  export default uPlot;
}

type Lane = "bp" | "hr" | "spo2" | "rr" | "sedation" | "dissociation" | "nausea" | "distress";
type AlarmLevel = "CAUTION" | "STOP" | "EMERGENCY";

interface Mark {
  t: number;
  id: string;
  by: "device" | "person";
  late: boolean;
  artefact: boolean;
}
interface Pressure extends Mark {
  sbp: number | null;
  dbp: number | null;
  map: number | null;
}
interface Reading extends Mark {
  v: number;
}
interface Points {
  bp: Pressure[];
  hr: Reading[];
  spo2: Reading[];
  rr: Reading[];
  sedation: Reading[];
  dissociation: Reading[];
  nausea: Reading[];
  distress: Reading[];
}
interface Flag {
  t: number;
  n: number;
  label: string;
  id: string;
}
interface RateSegment {
  start: number;
  end: number | null;
  ml_per_h: number;
  mg_per_min: number;
}
interface Limits {
  caution: [number | null, number | null];
  stop: [number | null, number | null];
}
interface Prediction {
  t: number[];
  arterial: number[];
  venous: number[];
  arterial_lower: number[];
  arterial_upper: number[];
  model: string;
  now_t: number;
}
interface Latest {
  v?: number | null;
  sbp?: number | null;
  dbp?: number | null;
  map?: number | null;
  at: string;
  age_s: number;
  stale_after_s: number | null;
}
interface Alarm {
  key: string;
  rule: string;
  level: AlarmLevel;
  /** Waits for a second value before it counts. */
  pending?: boolean;
  label: string;
  advice: string;
  since_at: string;
  acknowledged_by: string | null;
  recheck_due_at: string | null;
}
interface Due {
  item: string;
  label: string;
  due_at: string;
}
interface SessionState {
  phase: string;
  phase_label: string;
  /** Moves once, when the infusion starts. */
  origin_at?: string;
  elapsed_min: number | null;
  delivered_mg?: number | null;
  ordered_mg?: number | null;
  volume_infused_ml?: number | null;
  bag_volume_ml?: number | null;
  rate_ml_per_h?: number | null;
  minutes_left?: number | null;
  arterial_now_ng_per_ml: number | null;
  venous_now_ng_per_ml: number | null;
  latest: Partial<Record<Lane, Latest | null>>;
  alarms: Alarm[];
  due: Due[];
}
interface Snapshot {
  session_id: string;
  origin_at: string;
  now_at: string;
  seq: number;
  points: Points;
  flags: Flag[];
  rates: RateSegment[];
  limits: Partial<Record<Lane, Limits>>;
  prediction: Prediction | null;
  state: SessionState;
}
interface LineStatus {
  kind: "open" | "polling" | "lost";
  since: number;
}
interface Entry {
  id: string;
  url: string;
  label: string;
  enteredAt: string;
  fields: [string, string][];
}
interface Outcome {
  status: "sent" | "waiting" | "refused";
  sentence: string;
}
interface Palette {
  [name: string]: string;
}
interface LaneView {
  /** Left and right end of the time axis, minutes. */
  from: number;
  to: number;
  now: number;
}
interface LanePainter {
  yRange(snapshot: Snapshot): [number, number];
  ySplits: number[] | ((top: number) => number[]);
  paint(u: import("uplot"), snapshot: Snapshot, palette: Palette, view: LaneView): void;
  /** Words for the values at minute `t`; empty where there is none. */
  describe(snapshot: Snapshot, t: number): string;
}
