/** Lagoon: it has no API. A person's client pushes single counts and walks, which grow into days. */
import { z } from "zod";
import { SystoleError } from "../../../src/errors.ts";
import { complete } from "../../../src/models/index.ts";
import { declareGrowing } from "../../../src/providers/kit/growing/declare-growing.ts";
import type { GrowingSample, Statement } from "../../../src/providers/kit/growing/fold.ts";
import { decodeJson } from "../../../src/providers/kit/json-body.ts";
import { carried, ignored, mapped } from "../../../src/providers/ledger.ts";
import {
  anyPart,
  defineProvider,
  type KeptUpload,
  type Normalizer,
  type Part,
  type ReadUpload,
  type Resource,
} from "../../../src/providers/provider.ts";
import { readBody } from "../days.ts";

const dayMs = 24 * 3_600_000;
const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const dayStart = (day: string): number => Date.parse(`${day}T00:00:00Z`);

const instant = z.iso.datetime().transform((text) => Date.parse(text));
const body = z.looseObject({
  /** `app` or `watch`: two formats of one thing. */
  format: z.enum(["app", "watch"]).default("app"),
  counts: z.array(z.object({ at: instant, steps: z.int(), id: z.string().nullish() })).default([]),
  walks: z.array(z.object({ from: instant, to: instant, id: z.string().nullish() })).default([]),
  /** A day whose counts are told completely. */
  whole_day: z.iso.date().optional(),
  deleted: z.array(z.string()).default([]),
  /** Days of which something was deleted: a part is found by its day. Without them it is looked for by the ids. */
  deleted_days: z.array(z.iso.date()).default([]),
});

export interface Count extends GrowingSample {
  readonly steps: number;
}
export interface Walk extends GrowingSample {
  readonly endMs: number;
}

/** The bodies: `{"format", "counts": [{"at", "steps", "id"}], "walks": [{"from", "to"}], "whole_day", "deleted"}`. */
const pushes: Resource = {
  name: "pushes",
  discovery: null,
  ledger: {
    format: ignored("it only tells two clients apart"),
    counts: ignored("they are parts of their own"),
    walks: ignored("they are parts of their own"),
    whole_day: ignored("it only says what a body replaces"),
    deleted: ignored("it only says what is gone"),
    deleted_days: ignored("it only says what is gone"),
  },
  decode: (bytes) => decodeJson("pushes", bytes),
  parts(key, given) {
    const { format, counts, walks, whole_day, deleted, deleted_days, ...unread } = readBody(
      body,
      { resource: "pushes", key },
      given,
    );
    const days = new Set([
      ...counts.map(({ at }) => utcDay(at)),
      ...deleted_days,
      ...[whole_day ?? []].flat(),
    ]);
    const parts: Part[] = [...days].map((day) => ({
      resource: "counts",
      key: day,
      value: {
        format,
        samples: counts.filter(({ at }) => utcDay(at) === day).map(countOf),
        ...(day === whole_day && { replaces: { fromMs: dayStart(day), toMs: dayStart(day) + dayMs } }),
        ...(deleted_days.includes(day) && { deleted }),
      } satisfies Statement<Count>,
    }));
    if (deleted.length > 0 && deleted_days.length === 0) {
      parts.push({ resource: "counts", key: anyPart, value: { format, samples: [], deleted } });
    }
    for (const walk of walks) {
      const value: Statement<Walk> = { format, samples: [walkOf(walk)] };
      parts.push({ resource: "walks", key: utcDay(walk.from), value });
    }
    return Object.keys(unread).length === 0 ? parts : [...parts, { resource: "pushes", key, value: unread }];
  },
};

const countOf = ({ at, steps, id = null }: z.output<typeof body>["counts"][number]): Count => ({
  id,
  identity: `${at} ${steps}`,
  startMs: at,
  steps,
});

const walkOf = ({ from, to, id = null }: z.output<typeof body>["walks"][number]): Walk => ({
  id,
  identity: `${from} ${to}`,
  startMs: from,
  endMs: to,
});

const ours = {
  "samples[].id": ignored("an id of the source's"),
  "samples[].identity": ignored("made of the rest"),
};

const counts = declareGrowing<Count>({
  name: "counts",
  ledger: {
    ...ours,
    "samples[].startMs": carried("the time of the count"),
    "samples[].steps": mapped(["daily.distance_data.steps", "activity.distance_data.summary.steps"], "exact"),
  },
  companions: ({ key }) => [-1, 0].map((days) => ({ resource: "walks", key: beside(key, days) })),
});

const walks = declareGrowing<Walk>({
  name: "walks",
  ledger: {
    ...ours,
    "samples[].startMs": mapped("activity.metadata.start_time", "exact"),
    "samples[].endMs": mapped("activity.metadata.end_time", "exact"),
  },
});

const beside = (day: string, days: number): string => utcDay(dayStart(day) + days * dayMs);

const itemsOf = <Item>(parts: readonly Part[], resource: string): Item[] =>
  parts.filter((part) => part.resource === resource).flatMap(({ value }) => value as Item[]);

const stepsOf = (items: readonly Count[]): number => items.reduce((sum, { steps }) => sum + steps, 0);

const text = (ms: number): string => new Date(ms).toISOString().replace("Z", "000Z");

const daily: Normalizer = {
  type: "daily",
  needs: ["pushes", "counts"],
  affects: ({ resource, key }) => (resource === "counts" ? [{ type: "daily", naturalKey: key }] : []),
  partsOf: (key) => [{ resource: "counts", key }],
  normalize(parts) {
    const found = itemsOf<Count>(parts, "counts");
    if (found.length === 0) return null;
    const day = utcDay(found[0]?.startMs ?? 0);
    return complete("daily", {
      metadata: {
        start_time: `${day}T00:00:00.000000Z`,
        end_time: `${day}T23:59:59.000000Z`,
        upload_type: 1,
      },
      distance_data: { steps: stepsOf(found) },
    });
  },
};

/** The counts during a walk are its steps. A walk begins and may end on two days. */
const activity: Normalizer = {
  type: "activity",
  needs: ["pushes", "counts", "walks"],
  affects: ({ resource, value }) =>
    resource === "walks"
      ? (value as Walk[]).map(({ startMs }) => ({ type: "activity", naturalKey: keyOf(startMs) }))
      : [],
  partsOf(key) {
    const day = key.slice(0, 10);
    return [
      { resource: "walks", key: day },
      { resource: "counts", key: day },
      { resource: "counts", key: beside(day, 1) },
    ];
  },
  normalize(parts, key) {
    const walk = itemsOf<Walk>(parts, "walks").find(({ startMs }) => keyOf(startMs) === key);
    if (walk === undefined) return null;
    const own = itemsOf<Count>(parts, "counts").filter(
      ({ startMs }) => startMs >= walk.startMs && startMs <= walk.endMs,
    );
    return complete("activity", {
      metadata: {
        summary_id: key,
        start_time: text(walk.startMs),
        end_time: text(walk.endMs),
        type: 1,
        upload_type: 1,
      },
      distance_data: { summary: { steps: own.length === 0 ? null : stepsOf(own) } },
    });
  },
};

const keyOf = (startMs: number): string => text(startMs);

/** Small bodies that are read at once; the test of the other form is that of large ones. */
const bits: ReadUpload = {
  maxBytes: 1024 * 1024,
  read({ body: bytes }) {
    try {
      return {
        bodies: [
          { resource: "pushes", key: "bits", body: z.looseObject({}).parse(JSON.parse(String(bytes))) },
        ],
        deleted: [],
      };
    } catch (cause) {
      throw new SystoleError("UPLOAD_BODY_INVALID", { provider: "lagoon" }, { cause });
    }
  },
};

const whole: KeptUpload = {
  maxBytes: 32 * 1024 * 1024,
  resource: "pushes",
  keyOf: ({ "x-batch": batch }) => `whole/${typeof batch === "string" ? batch : ""}`,
};

export const lagoon = defineProvider({
  name: "LAGOON",
  slug: "lagoon",
  displayName: "Lagoon",
  dataTypes: ["daily", "activity"],
  settings: z.object({}),
  connecting: { kind: "upload" },
  uploads: { bits, whole },
  apis: {},
  resources: [pushes, counts, walks],
  normalizers: [daily, activity],
  mapperVersion: 1,
});
