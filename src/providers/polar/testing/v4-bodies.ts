/** Bodies of the Dynamic API v4 as the sandbox makes them, one or two of each resource, for tests of every leaf. */
import { DEFAULT_PROFILE } from "../../../sandbox/polar/state.ts";
import { generateV4 } from "../../../sandbox/polar/v4/generate/index.ts";
import { v4Kinds } from "../../../sandbox/polar/v4/resources.ts";
import { usualSwitches } from "../../../sandbox/polar/v4/switches.ts";
import type { Part } from "../../provider.ts";
import { partsOf } from "./bodies.ts";

type Json = ReturnType<typeof JSON.parse>;

/** One item of a resource, and what is around it. */
export interface V4Body {
  readonly name: string;
  readonly resource: string;
  readonly key: string;
  readonly body: Json;
  /** Returns the body as Polar sends it. */
  wrap(item: unknown): unknown;
}

const now = Date.UTC(2025, 4, 12, 20);
const person = { id: 1, profile: DEFAULT_PROFILE, consents: true, data: new Map(), files: new Map() };
const made = generateV4(person, { days: 12, seed: 3, now }, usualSwitches);

/** The sandbox's name of each resource that has leaves of its own in a record. */
const kinds: Readonly<Record<string, string>> = {
  "v4-sleep": "v4-sleeps",
  "v4-sleep-wake": "v4-sleep-wake-vectors",
  "v4-nightly-recharge": "v4-nightly-recharge-results",
  "v4-nightly-recharge-samples": "v4-nightly-recharge-results",
  "v4-continuous-samples": "v4-continuous-samples",
  "v4-ppi-samples": "v4-ppi-samples",
  "v4-activity": "v4-activity",
  "v4-training-session": "v4-training-sessions",
  "v4-temperature": "v4-temperature-measurements",
  "v4-skin-contacts": "v4-skin-contacts",
  "v4-test": "v4-tests",
  "v4-calendar": "v4-calendar",
  "v4-account": "v4-account-data",
  "v4-user-devices": "v4-user-devices",
};

/** Shortens series: every reading is like the first ones. */
function shortened(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.slice(0, 6).map(shortened);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shortened(one)]));
}

/** A day that is whole. */
const day = "2025-05-11";

/** Returns the items of the day, or of the last day that has one: of each kind of test, one. */
function itemsOf(kind: string): { readonly at: string; readonly body: Json }[] {
  const all = (made.get(kind) ?? []).map((item) => ({ at: item.at.slice(0, 10), item }));
  const until = all.filter(({ at }) => at <= day);
  const chosen = until.findLast(({ at }) => at === day) ?? until.at(-1) ?? all[0];
  const others = kind === "v4-tests" ? all.filter(({ item }) => "fitnessTestResult" in item.body()) : [];
  return [...(chosen ? [chosen] : []), ...others.slice(-1)].map(({ at, item }) => ({
    at,
    body: JSON.parse(JSON.stringify(shortened(item.body()))),
  }));
}

const isSingle = (resource: string) => ["v4-account", "v4-user-devices"].includes(resource);

function bodiesOf([resource, kind]: [string, string]): V4Body[] {
  const list = v4Kinds.get(kind)?.list;
  const wrap = (item: unknown) => (list === undefined ? item : { [list]: [item] });
  return itemsOf(kind).map(({ at, body }, index) => ({
    name: `of the sandbox, ${index + 1}`,
    resource,
    key: isSingle(resource) ? "current" : at,
    body,
    wrap,
  }));
}

export const v4Bodies: readonly V4Body[] = Object.entries(kinds).flatMap(bodiesOf);

export const v4PartsOf = ({ resource, key, wrap }: V4Body, item: unknown): readonly Part[] =>
  partsOf(resource, key, wrap(item));
