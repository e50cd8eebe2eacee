/** README.md is the mapping: it misses no field that Polar sends or the schemas know, and invents none. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type DataType, models } from "../../models/index.ts";
import { activityDaySchema, heartRateDaySchema } from "./schema/day.ts";
import { exerciseSchema } from "./schema/exercise.ts";
import { snakeKeys } from "./schema/keys.ts";
import { physicalInfoSchema, userSchema } from "./schema/person.ts";
import { nightSchema, rechargeSchema } from "./schema/sleep.ts";
import { capturedFiles, fixture } from "./testing/bodies.ts";

const readme = readFileSync(path.join(import.meta.dirname, "README.md"), "utf8");

interface Row {
  readonly field: string;
  readonly targets: readonly string[];
  readonly how: string;
}

function rowsOf(text: string, columns: { field: number; to: number; how: number }): Row[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("|") && !/^\|[\s|-]+$/.test(line))
    .slice(1)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map((cells) => ({
      field: (cells[columns.field] ?? "").replaceAll("`", ""),
      targets: [...(cells[columns.to] ?? "").matchAll(/`([^`]+)`/g)].map(([, target]) => target ?? ""),
      how: cells[columns.how] ?? "",
    }));
}

/** The text under a heading until the next one. */
function section(heading: string): string {
  return readme.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`)) ?? "";
}

const [exerciseTable = "", typeTable = ""] = section("exercise").split("Sample types.");
const fieldColumns = { field: 1, to: 2, how: 3 };
const sampleTypes = rowsOf(typeTable, { field: 1, to: 3, how: 4 });

function bare(schema: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) return bare(schema.unwrap());
  return schema instanceof z.ZodPipe ? bare(schema.in) : schema;
}

function schemaLeaves(schema: unknown, at = ""): string[] {
  const inner = bare(schema);
  if (inner instanceof z.ZodUnion) return schemaLeaves(inner.options[0], at);
  if (inner instanceof z.ZodArray) return schemaLeaves(inner.element, `${at}[]`);
  if (inner instanceof z.ZodRecord) return [`${at}{}`];
  if (!(inner instanceof z.ZodObject)) return [at];
  return Object.entries(inner.shape).flatMap(([key, child]) =>
    schemaLeaves(child, at ? `${at}.${key}` : key),
  );
}

const isClock = (key: string) => /^\d\d:\d\d$/.test(key);

function bodyLeaves(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => bodyLeaves(item, `${at}[]`));
  if (typeof value !== "object" || value === null) return [at];
  if (Object.keys(value).some(isClock)) return [`${at}{}`];
  return Object.entries(value).flatMap(([key, item]) => bodyLeaves(item, at ? `${at}.${key}` : key));
}

/** The items of a body, whatever they came in. */
function items(body: unknown): unknown[] {
  const inside = (body as { heart_rates?: unknown }).heart_rates ?? body;
  return Array.isArray(inside) ? inside : [inside];
}

const resources = [
  {
    name: "exercise",
    schema: exerciseSchema,
    folder: "exercises",
    table: exerciseTable,
    fixture: "exercise-run",
  },
  { name: "sleep", schema: nightSchema, folder: "sleep", fixture: "sleep-midnight" },
  {
    name: "nightly-recharge",
    schema: rechargeSchema,
    folder: "nightly-recharge",
    fixture: "recharge-midnight",
  },
  { name: "activity", schema: activityDaySchema, folder: "activities", fixture: "activity-day" },
  {
    name: "continuous-heart-rate",
    schema: heartRateDaySchema,
    folder: "continuous-heart-rate",
    fixture: "heart-rate-day",
  },
  { name: "physical-info", schema: physicalInfoSchema, fixture: "physical-info" },
  { name: "user", schema: userSchema, fixture: "user" },
].map(({ table, ...resource }) => ({
  ...resource,
  rows: rowsOf(table ?? section(resource.name), fieldColumns),
}));

describe.each(resources)("the table of $name", ({ rows, schema, folder, fixture: name }) => {
  const fields = rows.map(({ field }) => field);

  it("has each field of the schema once, and nothing else", () => {
    expect([...fields].sort()).toEqual([...schemaLeaves(schema)].sort());
  });

  it("has every field of the fixture", () => {
    // The disputed stamps are one field, whatever is inside.
    const leaves = bodyLeaves(snakeKeys(fixture(name))).map((leaf) =>
      leaf.replace(/(inactivity_stamps|extra_info).*/, "$1"),
    );
    expect(leaves.filter((leaf) => !fields.includes(leaf))).toEqual([]);
  });

  it.skipIf(folder === undefined || capturedFiles(folder).length === 0)(
    "has every field that devices sent",
    () => {
      const bodies = capturedFiles(folder ?? "").map(({ text }) => snakeKeys(JSON.parse(text)));
      const leaves = new Set(bodies.flatMap(items).flatMap((body) => bodyLeaves(body)));
      expect(leaves.size).toBeGreaterThan(2);
      expect([...leaves].filter((leaf) => !fields.includes(leaf))).toEqual([]);
    },
  );

  it("says of each field how it is mapped, and into what", () => {
    for (const { field, targets, how } of rows) {
      expect(how, field).toMatch(/^(exact|converted|derived|key|unmapped)/);
      if (how === "unmapped") expect(targets, field).toEqual([]);
      else if (how !== "key") expect(targets.length, field).toBeGreaterThan(0);
    }
  });
});

describe("the tables' targets", () => {
  const targets = [...resources.flatMap(({ rows }) => rows), ...sampleTypes].flatMap((row) => row.targets);

  it.each([...new Set(targets)])("%s is in Terra's models", (target) => {
    const [type = "", ...keys] = target.split(".");
    const found = keys.reduce<unknown>(
      (schema, key) => {
        const inner = bare(schema);
        const fields = inner instanceof z.ZodArray ? bare(inner.element) : inner;
        return fields instanceof z.ZodObject ? fields.shape[key] : undefined;
      },
      models[type as DataType],
    );
    expect(found).toBeDefined();
  });
});

describe("the table of sample types", () => {
  it("has all twelve, each with its place or none", () => {
    expect(sampleTypes.map(({ field }) => field)).toEqual(
      Array.from({ length: 12 }, (_, type) => String(type)),
    );
    for (const { targets, how } of sampleTypes) expect(how === "unmapped").toBe(targets.length === 0);
  });
});
