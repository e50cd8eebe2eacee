/** Checks that a place holds exactly the events that were delivered. */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { OutgoingEvent } from "../destination.ts";
import { fhirResources, isFhir } from "../kit/fhir-resources.ts";
import { bodyWithOnly, type DataRecord, dataRecords } from "../kit/records.ts";
import type { Bench } from "./bench.ts";
import { asSent } from "./formed.ts";
import type { Arrival, TargetBehaviour } from "./target.ts";

/** Longer texts are compared by their hash, so that a failure stays readable. */
const shownCharacters = 2_000;

/** Asserts that the place holds these events, as the kind stores them, and nothing else. */
export async function expectArrivals(
  bench: Pick<Bench, "behaviour" | "place" | "onlyFormat">,
  events: readonly OutgoingEvent[],
): Promise<void> {
  const { behaviour, place } = bench;
  const sent = await Promise.all(events.map((event) => asSent(event, bench.onlyFormat)));
  const wanted = sent.flatMap((event) => expected(behaviour, event));
  const held = (await place.arrivals()).map((arrival) => described(behaviour, arrival));
  expect(sorted(behaviour, held)).toEqual(sorted(behaviour, wanted));
}

/** A target that keeps every delivery may hold the same event more than once. */
const sorted = ({ keeps }: TargetBehaviour, lines: readonly string[]): string[] =>
  (keeps === "all" ? [...new Set(lines)] : [...lines]).sort();

/** The lines that describe one event in a place, as it was sent, each compared as a whole. */
export function expected(behaviour: TargetBehaviour, event: OutgoingEvent): string[] {
  return expectedArrivals(behaviour, event).map((arrival) => described(behaviour, arrival));
}

function expectedArrivals(behaviour: TargetBehaviour, event: OutgoingEvent): Arrival[] {
  const { keeps, holds, asKept, fhir } = behaviour;
  if (asKept !== undefined) return dataRecords(event).map((record) => takenApart(record, asKept));
  const { id: eventId, records } = event;
  const body = event.body.toString("utf8");
  if (records.length === 0) return [{ eventId, revision: null, json: body }];
  if (keeps === "all" && holds === "event") {
    // Several records have several revisions; a message has one header for it or none.
    const revision = records.length === 1 ? (records[0]?.revision ?? null) : null;
    return [{ eventId, revision, json: body }];
  }
  return dataRecords(event).flatMap((record) => {
    const { revision } = record;
    if (fhir === "resources" && isFhir(record)) {
      const own = fhirResources(record).filter(({ ownership }) => ownership === "record");
      return own.map(({ json }) => ({ eventId, revision, json: json.toString("utf8") }));
    }
    const json = holds === "record" ? (record.formed?.bytes ?? record.json) : bodyWithOnly(event, record);
    return [{ eventId, revision, json: json.toString("utf8") }];
  });
}

const takenApart = ({ revision, formed, json }: DataRecord, asKept: (text: string) => string): Arrival => ({
  eventId: null,
  revision,
  json: asKept((formed?.bytes ?? json).toString("utf8")),
});

export function described({ exact }: TargetBehaviour, { eventId, revision, json }: Arrival): string {
  const text = exact === "bytes" ? json : canonical(json);
  const shown =
    text.length <= shownCharacters
      ? text
      : `${text.length} characters, ${createHash("sha256").update(text).digest("hex")}`;
  return `${eventId} revision ${revision}: ${shown}`;
}

/**
 * Returns the same text for two texts with the same fields and values: fields sorted, numbers exact and in one
 * spelling.
 */
export function canonical(json: string): string {
  const parsed: unknown = JSON.parse(json, (_, value: unknown, context?: { source?: string }) =>
    typeof value === "number" ? new ExactNumber(context?.source ?? String(value)) : value,
  );
  return JSON.stringify(inOrder(parsed));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (value instanceof ExactNumber) return { number: value.text };
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return { fields: fields.map(([name, field]) => [name, inOrder(field)]) };
}

/** A number's digits and power of ten, so that 100, 1e2 and 100.0 are one and no digit is lost. */
class ExactNumber {
  readonly text: string;

  constructor(source: string) {
    const [, sign = "", whole = "", fraction = "", exponent = "0"] =
      /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(source) ?? [];
    const digits = `${whole}${fraction}`.replace(/^0+/, "");
    const significant = digits.replace(/0+$/, "");
    const power = Number(exponent) - fraction.length + digits.length - significant.length;
    this.text = significant === "" ? "0" : `${sign}${significant}e${power}`;
  }
}
