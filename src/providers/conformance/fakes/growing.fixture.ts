/** A correct provider whose parts grow: beats of a day, from bodies of an app and of a watch. */
import { z } from "zod";
import { complete } from "../../../models/index.ts";
import { declareGrowing } from "../../kit/growing/declare-growing.ts";
import type { GrowingSample, Statement } from "../../kit/growing/fold.ts";
import { ignored, mapped } from "../../ledger.ts";
import { type KeptUpload, type Normalizer, ProviderError, type Resource } from "../../provider.ts";
import type { ProviderSubject } from "../cases.ts";
import { uploading } from "./uploading.fixture.ts";

const instant = z.iso.datetime().transform((text) => Date.parse(text));
const body = z.object({
  format: z.enum(["app", "watch"]),
  beats: z.array(z.object({ at: instant, bpm: z.number(), id: z.string().nullable() })),
  day: z.iso.date().optional(),
});
type Body = z.output<typeof body>;

const dayMs = 86_400_000;
const utcDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export interface Beat extends GrowingSample {
  readonly bpm: number;
}

const beatOf = ({ at, bpm, id }: Body["beats"][number]): Beat => ({
  id,
  identity: `${at} ${bpm}`,
  startMs: at,
  bpm,
});

/** Returns what a body says of its days. */
export function statementsOf({ format, beats, day }: Body): [day: string, Statement<Beat>][] {
  const days = new Set([...beats.map(({ at }) => utcDay(at)), ...(day === undefined ? [] : [day])]);
  return [...days].map((key) => {
    const fromMs = Date.parse(key);
    const samples = beats.filter(({ at }) => utcDay(at) === key).map(beatOf);
    return [key, { format, samples, ...(key === day && { replaces: { fromMs, toMs: fromMs + dayMs } }) }];
  });
}

/** A resource of bodies, whose statements are made in this way. */
export const pushes = (say: (given: Body) => readonly (readonly [string, unknown])[]): Resource => ({
  name: "push",
  discovery: null,
  ledger: { beats: ignored("they are parts of their own") },
  decode: (bytes) => JSON.parse(bytes.toString()),
  parts(key, given) {
    const { data, error } = body.safeParse(given);
    if (error === undefined) return say(data).map(([day, value]) => ({ resource: "beats", key: day, value }));
    throw new ProviderError("PROVIDER_BODY_INVALID", "later", {
      resource: "push",
      key,
      issues: error.issues,
    });
  },
});

export const beats = declareGrowing<Beat>({
  name: "beats",
  ledger: {
    "samples[].id": ignored("an id of the app's"),
    "samples[].identity": ignored("made of the rest"),
    "samples[].startMs": mapped("daily.metadata.start_time", "its day"),
    "samples[].bpm": mapped("daily.heart_rate_data.summary.max_hr_bpm", "derived: the largest"),
  },
  companions: ({ key }) => [{ resource: "beats", key }],
});

const beatsDaily: Normalizer = {
  type: "daily",
  needs: ["push", "beats"],
  affects: ({ resource, key }) => (resource === "beats" ? [{ type: "daily", naturalKey: key }] : []),
  partsOf: (key) => [{ resource: "beats", key }],
  normalize([part], key) {
    const found = (part?.value ?? []) as readonly Beat[];
    if (found.length === 0) return null;
    const time = `${key}T00:00:00.000000`;
    return complete("daily", {
      metadata: { start_time: time, end_time: time, upload_type: 1 },
      heart_rate_data: { summary: { max_hr_bpm: Math.max(...found.map(({ bpm }) => bpm)) } },
    });
  },
};

const whole: KeptUpload = { maxBytes: 65_536, resource: "push", keyOf: () => "whole" };

const beat = (at: string, bpm: number, id: string | null = null) => ({ at, bpm, id });
const bodies = [
  { format: "app", beats: [beat("2025-05-11T08:00:00Z", 60), beat("2025-05-11T23:59:59Z", 61)] },
  {
    format: "watch",
    beats: [beat("2025-05-11T08:00:00Z", 60, "b1"), beat("2025-05-12T00:00:00Z", 70, "b2")],
  },
  { format: "app", beats: [beat("2025-05-11T08:00:00Z", 62)], day: "2025-05-11" },
].map((given) => ({ ref: { resource: "push", key: "whole" }, body: given }));

export const growing: ProviderSubject = {
  ...uploading,
  provider: {
    ...uploading.provider,
    uploads: { whole },
    resources: [pushes(statementsOf), beats],
    normalizers: [beatsDaily],
  },
  bodies,
  uploads: { whole: { good: bodies.map(({ body: given }) => JSON.stringify(given)), invalid: [] } },
};
