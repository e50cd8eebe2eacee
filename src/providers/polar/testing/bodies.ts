/** Data for the plugin's tests: its fixtures as the API would serve them, and the captured payloads. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { asRead, type DataType, type ModelOf, models } from "../../../models/index.ts";
import { leavesOf } from "../../ledger-leaves.ts";
import { isNamedBy, type Part } from "../../provider.ts";
import { isOffering } from "../../provider-data.ts";
import polar from "../index.ts";

const fixtures = path.join(import.meta.dirname, "../fixtures");

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(path.join(fixtures, `${name}.json`), "utf8"));
}

export function fixtureNames(): string[] {
  return readdirSync(fixtures).map((file) => path.basename(file, ".json"));
}

/** The folder of the captured payloads, beside the repository. They are never copied into it. */
const captured = path.join(import.meta.dirname, "../../../../../shared/polar-payloads");
export const capturedIsThere = existsSync(captured);
export const whyCapturedIsSkipped = `no captured payloads at ${captured}`;

/** Returns the files of one folder of the captured payloads, with their text. */
export function capturedFiles(folder: string): { name: string; text: string }[] {
  if (!capturedIsThere) return [];
  const directory = path.join(captured, folder);
  return readdirSync(directory).map((name) => ({
    name,
    text: readFileSync(path.join(directory, name), "utf8"),
  }));
}

export function partsOf(resource: string, key: string, body: unknown): readonly Part[] {
  const found = polar.resources.find(({ name }) => name === resource);
  if (!found) throw new Error(`no resource ${resource}`);
  return found.parts(key, body);
}

/** Returns the record that these parts make, validated by its model. */
export function make<Type extends DataType>(
  type: Type,
  parts: readonly Part[],
  naturalKey = "",
): ModelOf[Type] {
  const normalizer = polar.normalizers.find((one) => one.type === type);
  const made = asRead<ModelOf[Type]>(normalizer?.normalize(parts, naturalKey));
  models[type].parse(made);
  expect(undeclaredIn(type, made), "keys of provider_data that no table for readers has").toEqual([]);
  return made;
}

/** Returns the paths in a record's `provider_data` that are neither a resource's nor declared. */
function undeclaredIn(type: DataType, record: unknown): string[] {
  const { polar: own = {} } = (record as { provider_data?: { polar?: object } } | null)?.provider_data ?? {};
  const normalizer = polar.normalizers.filter(isOffering).find((one) => one.type === type);
  const { one = [], several = [], told = [] } = normalizer?.offered ?? {};
  const resources = [...one, ...several].map(({ name }) => name);
  const added = Object.entries(own).filter(([key]) => !resources.includes(key));
  const leaves = added.flatMap(([key, value]) => leavesOf({ [key]: value }));
  const isTold = (leaf: string) =>
    told.some(
      ({ path, kind }) =>
        path === leaf || (kind === "json" && leaf.startsWith(path) && /^[.[{]/.test(leaf.slice(path.length))),
    );
  return leaves.filter((leaf) => !isTold(leaf));
}

/** Returns the record of a single body. */
export function makeOf<Type extends DataType>(type: Type, resource: string, body: unknown): ModelOf[Type] {
  return make(type, partsOf(resource, "*", body));
}

/** Returns the record of a night: sleep and, when given, its recharge. */
export function makeNight(sleep: unknown, recharge?: unknown): ModelOf["sleep"] {
  const parts = recharge === undefined ? [] : partsOf("nightly-recharge", "*", recharge);
  return make("sleep", [...partsOf("sleep", "*", sleep), ...parts]);
}

/** A body of a resource, with the key by which it was fetched. */
export interface GivenBody {
  readonly name: string;
  readonly resource: string;
  readonly key: string;
  readonly body: unknown;
}

const capturedFolders: readonly (readonly [folder: string, resource: string])[] = [
  ["exercises", "exercise"],
  ["activities", "activity"],
  ["continuous-heart-rate", "continuous-heart-rate"],
  ["cardio-load", "cardio-load"],
  ["sleep", "sleep"],
  ["nightly-recharge", "nightly-recharge"],
];

/** The fixtures that are served beside the captured bodies and do not have their resource's name. */
const fixtureResources: Readonly<Record<string, string>> = {
  "activity-day": "activity",
  "cardio-load-day": "cardio-load",
  "exercise-documented": "exercise",
  "exercise-indoor": "exercise",
  "exercise-run": "exercise",
  "heart-rate-day": "continuous-heart-rate",
  "recharge-midnight": "nightly-recharge",
  "sleep-midnight": "sleep",
  "sleep-spring": "sleep",
};

/** Returns the resource whose name the fixture has. */
const resourceOfFixture = (name: string): string | undefined =>
  fixtureResources[name] ?? polar.resources.find((resource) => resource.name === name)?.name;

/** Returns every captured body, and fixtures of every resource without a captured one. Lists are fetched whole. */
export function givenBodies(): GivenBody[] {
  const captured = capturedFolders.flatMap(([folder, resource]) =>
    capturedFiles(folder).map(({ name, text }) => ({ name, resource, key: "*", body: JSON.parse(text) })),
  );
  const own = fixtureNames().flatMap((name) => {
    const resource = resourceOfFixture(name);
    return resource === undefined ? [] : [{ name, resource, key: "*", body: fixture(name) }];
  });
  return [...captured, ...own];
}

/** Returns all records that these parts make, by type and natural key. */
export function recordsOf(parts: readonly Part[]): Map<string, unknown> {
  const made = new Map<string, unknown>();
  for (const normalizer of polar.normalizers) {
    for (const { type, naturalKey } of parts.flatMap((part) => normalizer.affects(part))) {
      const own = normalizer
        .partsOf(naturalKey)
        .flatMap((ref) => parts.filter((part) => isNamedBy(ref, part)));
      const record = normalizer.normalize(own, naturalKey);
      if (record === null) continue;
      const read = asRead(record);
      models[type].parse(read);
      made.set(`${type} ${naturalKey}`, read);
    }
  }
  return made;
}
