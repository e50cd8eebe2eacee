/**
 * Proves that every leaf that Polar sends, documents or could send has exactly one fate: in the captured bodies, the
 * fixtures, the sandbox's bodies, and the schemas of Polar's own document.
 */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { type DataType, models } from "../../models/index.ts";
import { GeneratedWorld } from "../../sandbox/polar/testing/generated.ts";
import { NOW } from "../../sandbox/polar/testing/world.ts";
import type { Fate, Ledger } from "../ledger.ts";
import { fatesOf, leavesOf, unknownLeaves } from "../ledger-leaves.ts";
import { treeOf } from "../ledger-tree.ts";
import type { ServedResource } from "../provider.ts";
import { accesslink } from "./names.ts";
import { resources } from "./resources.ts";
import { fixture, fixtureNames } from "./testing/bodies.ts";

const shared = path.join(import.meta.dirname, "../../../../shared");
const documentFile = path.join(shared, "reference/polar-accesslink-openapi.yaml");
const payloads = path.join(shared, "polar-payloads");
const referenceIsHere = existsSync(documentFile) && existsSync(payloads);

/** The resources that Polar's document describes. v4 has none that is public; the sandbox's bodies of it are in `test/polar-v4`. */
const documented = resources.filter(({ api }) => api === accesslink);

const named = (name: string): ServedResource => {
  const found = resources.find((resource) => resource.name === name);
  if (!found) throw new Error(`no resource ${name}`);
  return found;
};

/** Returns the leaves of a body that its ledger does not know, and the number of parts examined. */
function look(resource: ServedResource, body: unknown): { parts: number; unknown: string[] } {
  const own = resource.parts("*", body).filter((part) => part.resource === resource.name);
  return { parts: own.length, unknown: own.flatMap(({ value }) => unknownLeaves(resource.ledger, value)) };
}

const byName = new Map(
  Object.entries({ recharge: "nightly-recharge", "heart-rate": "continuous-heart-rate" }),
);

/** The resource of a fixture. Its file name begins with the resource's name, or with a short name above. */
function resourceOfFixture(name: string): string {
  const names = [...resources.map((resource) => resource.name), ...byName.keys()];
  const longest = names
    .filter((prefix) => name === prefix || name.startsWith(`${prefix}-`))
    .sort((one, other) => other.length - one.length)[0];
  return byName.get(longest ?? "") ?? longest ?? name;
}

const folders = new Map(
  Object.entries({ exercises: "exercise", activities: "activity", fit: "exercise-fit" }),
);

describe.each(fixtureNames())("the fixture %s", (name) => {
  it("has no leaf without a fate", () => {
    const { parts, unknown } = look(named(resourceOfFixture(name)), fixture(name));
    expect(unknown).toEqual([]);
    expect(parts).toBeGreaterThan(0);
  });
});

describe.skipIf(!referenceIsHere)("what devices sent", () => {
  // v4 is another API.
  const captured = referenceIsHere
    ? readdirSync(payloads, { withFileTypes: true }).filter(
        (entry) => entry.isDirectory() && entry.name !== "v4",
      )
    : [];

  it.each(captured.map(({ name }) => name))("%s has no leaf without a fate", (folder) => {
    const resource = named(folders.get(folder) ?? folder);
    for (const file of readdirSync(path.join(payloads, folder))) {
      const body = resource.decode(readFileSync(path.join(payloads, folder, file)));
      const { parts, unknown } = look(resource, body);
      expect(unknown, file).toEqual([]);
      expect(parts, file).toBeGreaterThan(0);
    }
  });
});

describe("bodies of the sandbox", () => {
  let made: GeneratedWorld;
  beforeAll(async () => {
    made = await GeneratedWorld.start();
  });
  afterAll(() => made.close());

  const dates = (daysAgo: number) =>
    new Date(NOW.getTime() - daysAgo * 86_400_000).toISOString().slice(0, 10);
  /** Tells whether the sandbox makes the resource: discovery finds it, or it is an index. */
  const isMade = ({ name, discovery }: ServedResource) => discovery !== null || name.endsWith("-index");
  const keyOf = ({ discovery }: ServedResource) => discovery?.key(dates(20), dates(0)) ?? "*";

  it.each(documented.filter(isMade).map(({ name }) => name))(
    "%s has no leaf without a fate",
    async (name) => {
      const resource = named(name);
      const { path: asked } = resource.request(keyOf(resource), String(made.person.id));
      const { parts, unknown } = look(resource, resource.decode(Buffer.from(await made.text(asked))));
      expect(unknown).toEqual([]);
      if (!name.endsWith("-index")) expect(parts).toBeGreaterThan(0);
    },
  );
});

interface Schema {
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly example?: unknown;
}

interface Document {
  readonly paths: Readonly<Record<string, { get?: { responses: Record<string, Answer> } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Answer {
  readonly content?: { readonly "application/json"?: { readonly schema: Schema } };
}

const empty: Document = { paths: {}, components: { schemas: {} } };
const document: Document = referenceIsHere ? parse(readFileSync(documentFile, "utf8")) : empty;

const snake = (key: string) => key.replaceAll("-", "_");

function documentedLeaves(schema: Schema, at = ""): string[] {
  const { $ref, items, properties } = schema;
  if ($ref) return documentedLeaves(document.components.schemas[$ref.split("/").at(-1) ?? ""] ?? {}, at);
  if (items) return documentedLeaves(items, `${at}[]`);
  // The document describes maps by examples only.
  if (!properties) return leavesOf(schema.example).map((leaf) => (leaf === "{}" ? `${at}{}` : at));
  return Object.entries(properties).flatMap(([key, child]) =>
    documentedLeaves(child, at === "" ? snake(key) : `${at}.${snake(key)}`),
  );
}

/** The leaves of one item, without the list and the envelope around it. */
function itemLeaves(leaves: readonly string[]): string[] {
  const wrapped = leaves.every((leaf) => /^\w*\[\]/.test(leaf));
  return wrapped ? leaves.map((leaf) => leaf.replace(/^\w*\[\]\.?/, "")) : [...leaves];
}

/** Keys of every kind; each resource accepts some of them. */
const someKeys = ["*", "current", "2025-05-01..2025-05-11", "2025-05-11", "Ab3kQ9zX"];

/** The documented answers to a resource's requests. */
function documentedOf(resource: ServedResource): string[] {
  const asked = someKeys.flatMap((key) => {
    try {
      return [resource.request(key, "475").path.replace(/\?.*/, "")];
    } catch {
      return [];
    }
  });
  const templates = Object.entries(document.paths).filter(([template]) => {
    const pattern = new RegExp(`^${template.replaceAll(/\{[^}]+\}/g, "[^/]+")}$`);
    return asked.some((one) => one === template || (pattern.test(one) && !(one in document.paths)));
  });
  const schemas = templates.flatMap(
    ([, { get }]) => get?.responses["200"]?.content?.["application/json"]?.schema ?? [],
  );
  return [...new Set(schemas.flatMap((schema) => itemLeaves(documentedLeaves(schema))))];
}

/** Resources without a documented schema: Polar documents none for files, and the offset is never fetched. */
const undocumented = new Set(["exercise-offset", "exercise-fit", "exercise-tcx", "exercise-gpx"]);
/** Leaves that are documented with the resource but come only on request, and are not requested. */
const onRequest = new Map([["exercise-index", /^(samples|route|heart_rate_zones)\[/]]);

describe.skipIf(!referenceIsHere).each(documented.map(({ name }) => name))(
  "Polar's document on %s",
  (name) => {
    const resource = named(name);
    const leaves = undocumented.has(name)
      ? []
      : documentedOf(resource).filter((leaf) => !onRequest.get(name)?.test(leaf));

    it.skipIf(undocumented.has(name))("has no leaf without a fate", () => {
      expect(leaves.length).toBeGreaterThan(2);
      expect(leaves.filter((leaf) => fatesOf(resource.ledger, leaf).length === 0)).toEqual([]);
    });
  },
);

function bare(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable ? bare(schema.unwrap()) : schema;
}

/** Tells whether the models have the field. Paths go into the items of lists without `[]`. */
function isInModels(target: string): boolean {
  const [type = "", ...keys] = target.split(".");
  const found = keys.reduce<unknown>(
    (schema, key) => {
      const inner = bare(schema);
      const fields = inner instanceof z.ZodArray ? bare(inner.element) : inner;
      return fields instanceof z.ZodObject ? fields.shape[key] : undefined;
    },
    models[type as DataType],
  );
  return found !== undefined;
}

const fates = (ledger: Ledger): [string, Fate][] => Object.entries(ledger);

describe.each(resources.map(({ name, ledger }) => ({ name, ledger })))(
  "the ledger of $name",
  ({ ledger }) => {
    it("has each leaf once, and none below another", () => {
      expect(Object.keys(ledger).length).toBeGreaterThan(0);
      expect(() => treeOf(ledger)).not.toThrow();
    });

    it("maps into fields that the models have, and says how", () => {
      for (const [leaf, fate] of fates(ledger)) {
        if (fate.fate !== "mapped") continue;
        expect(fate.to.length, leaf).toBeGreaterThan(0);
        expect(
          fate.to.filter((target) => !isInModels(target)),
          leaf,
        ).toEqual([]);
        expect(fate.how, leaf).toMatch(/^(exact|converted|derived|key)/);
      }
    });

    it("explains each carried leaf, and gives a reason for each ignored one", () => {
      for (const [leaf, fate] of fates(ledger)) {
        if (fate.fate === "carried") {
          expect(fate.what, leaf).not.toBe("");
          expect(
            (fate.also ?? []).filter((target) => !isInModels(target)),
            leaf,
          ).toEqual([]);
        }
        if (fate.fate === "ignored") expect(fate.reason, leaf).not.toBe("");
      }
    });
  },
);
