/** Reads the captured bodies that lie beside the repository: nothing in them is lost. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Resource } from "../../provider.ts";
import { healthAutoExport } from "./health-auto-export/resource.ts";
import { openWearables } from "./open-wearables/resource.ts";
import { Folded } from "./testing/folded.ts";

const folder = path.join(import.meta.dirname, "../../../../../shared/apple-payloads");
const isHere = existsSync(folder);
const readers: readonly (readonly [RegExp, Resource])[] = [
  [/^(mu-)?hae-.*\.json$/, healthAutoExport],
  [/^(mu-)?ow-.*\.json$/, openWearables],
];
const files = (isHere ? readdirSync(folder) : []).flatMap((name) =>
  readers.filter(([pattern]) => pattern.test(name)).map(([, resource]) => ({ name, resource })),
);

type Json = ReturnType<typeof JSON.parse>;

const listsIn = (item: Json, ...except: readonly string[]): Json[][] =>
  Object.entries<Json>(item).flatMap(([key, list]) =>
    Array.isArray(list) && !except.includes(key) ? [list] : [],
  );

/** Returns the least number of samples that a body makes: blood pressure makes two of a row, some nights too. */
function rowsOf({ data }: Json): number {
  const lists = [
    ...(data.metrics ?? []).map((metric: Json) => metric.data),
    ...[data.records ?? [], data.sleep ?? []],
  ];
  return lists.flat().length;
}

describe.skipIf(!isHere)("captured bodies", () => {
  it("are there", () => expect(files.length).toBeGreaterThan(7));

  it.each(files)("$name has no leaf that is unknown or cannot be read", ({ name, resource }) => {
    const body = resource.decode(readFileSync(path.join(folder, name)));
    const { unread } = new Folded({ resource, body });
    expect(unread).toMatchObject({ value: {}, unreadable: [] });
  });

  it.each(files)("$name loses no row and no workout", ({ name, resource }) => {
    const body = resource.decode(readFileSync(path.join(folder, name))) as Json;
    const folded = new Folded({ resource, body });
    expect(folded.items("samples").length).toBeGreaterThanOrEqual(rowsOf(body));
    const workouts: Json[] = body.data.workouts ?? [];
    const made = folded.items("workouts");
    expect(made).toHaveLength(workouts.length);
    const series = workouts.flatMap((workout) => listsIn(workout, "heartRateRecovery", "route", "values"));
    expect(made.flatMap(({ samples }) => samples)).toHaveLength(series.flat().length);
    const routes = workouts.flatMap(({ route }) => route ?? []);
    expect(made.flatMap(({ route }) => route)).toHaveLength(routes.length);
  });
});
