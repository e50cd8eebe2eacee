/** Neutral bodies, kept as they came. */
import type { z } from "zod";
import { decodeJson } from "../../../kit/json-body.ts";
import { ignored, type Ledger } from "../../../ledger.ts";
import type { Resource } from "../../../provider.ts";
import { growingCharacteristics, growingWorkout, personKey } from "../../healthkit/growing-parts.ts";
import { bodyFields, listIn } from "../fields.ts";
import { Statements } from "../statements.ts";
import { Unread } from "../unread.ts";
import { readCharacteristics } from "./characteristics.ts";
import { readDeletion } from "./deletions.ts";
import { readSample } from "./samples.ts";
import { itemSchemas } from "./schema.ts";
import { readWorkout } from "./workouts.ts";

const name = "healthkit";

const read = ignored("read into parts of their own, whose ledgers say what becomes of it");
const all = (at: string, schema: z.ZodObject): Ledger =>
  Object.fromEntries(Object.keys(schema.shape).map((key) => [`${at}${key}`, read]));
const without = (ledger: Ledger, ...paths: string[]): Ledger =>
  Object.fromEntries(Object.entries(ledger).filter(([path]) => !paths.includes(path)));
const sourceLeaves = (at: string): Ledger =>
  Object.fromEntries(["name", "bundle_id", "product_type"].map((key) => [`${at}source.${key}`, read]));

/** Every leaf that the published schema names. */
const knownLeaves: Ledger = {
  ...without(all("samples[].", itemSchemas.sample), "samples[].source"),
  ...sourceLeaves("samples[]."),
  ...without(
    all("workouts[].", itemSchemas.workout),
    ...["source", "statistics", "events", "route"].map((key) => `workouts[].${key}`),
  ),
  ...sourceLeaves("workouts[]."),
  ...all("workouts[].statistics[].", itemSchemas.statistic),
  ...all("workouts[].events[].", itemSchemas.event),
  ...all("workouts[].route[].", itemSchemas.point),
  ...all("characteristics.", itemSchemas.characteristics),
  "deleted[]": read,
};

export const healthKit: Resource = {
  name,
  ledger: knownLeaves,
  discovery: null,
  decode: (body) => decodeJson(name, body),
  parts(key, body) {
    const unread = new Unread();
    const statements = new Statements({ format: name });
    const told = bodyFields(name, key, body);
    for (const item of listIn(told.samples)) addSample(item, statements, unread);
    for (const item of listIn(told.workouts)) addWorkout(item, statements, unread);
    for (const item of listIn(told.deleted)) {
      if (!readDeletion(item, statements)) unread.note("deleted[]");
    }
    const me = readCharacteristics(told.characteristics);
    if (me !== null) statements.add("characteristics", growingCharacteristics(me), personKey);
    return [...statements.parts(), unread.part(name, knownLeaves, body)];
  },
};

function addSample(item: unknown, statements: Statements, unread: Unread): void {
  const sample = readSample(item);
  if (sample === null) unread.note("samples[].start");
  else statements.addSample(sample);
  if (sample?.value === null) unread.note(`samples[type=${sample.type}].value`);
}

function addWorkout(item: unknown, statements: Statements, unread: Unread): void {
  const read = readWorkout(item);
  for (const leaf of read?.unreadable ?? ["start"]) unread.note(`workouts[].${leaf}`);
  if (read !== null) statements.add("workouts", growingWorkout(read.workout));
}
