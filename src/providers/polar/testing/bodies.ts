/** What the plugin's tests share: its fixtures as the API would serve them, and the captured payloads. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { type DataType, type ModelOf, models } from "../../../models/index.ts";
import type { Part } from "../../provider.ts";
import polar from "../index.ts";

const fixtures = path.join(import.meta.dirname, "../fixtures");

export function fixture(name: string): unknown {
  return JSON.parse(readFileSync(path.join(fixtures, `${name}.json`), "utf8"));
}

export function fixtureNames(): string[] {
  return readdirSync(fixtures).map((file) => path.basename(file, ".json"));
}

/** Where the captured payloads are, beside the repository; they are never copied into it. */
const captured = path.join(import.meta.dirname, "../../../../../shared/polar-payloads");
export const capturedIsThere = existsSync(captured);
export const whyCapturedIsSkipped = `no captured payloads at ${captured}`;

/** Files of one folder of the captured payloads, with their text. */
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

/** The record that the given parts make, checked against its model. */
export function make<Type extends DataType>(type: Type, parts: readonly Part[]): ModelOf[Type] {
  const made = polar.normalizers.find((normalizer) => normalizer.type === type)?.normalize(parts);
  models[type].parse(made);
  return made as ModelOf[Type];
}

/** A record of one body. */
export function makeOf<Type extends DataType>(type: Type, resource: string, body: unknown): ModelOf[Type] {
  return make(type, partsOf(resource, "*", body));
}

/** The whole night: sleep and, when given, its recharge. */
export function makeNight(sleep: unknown, recharge?: unknown): ModelOf["sleep"] {
  const parts = recharge === undefined ? [] : partsOf("nightly-recharge", "*", recharge);
  return make("sleep", [...partsOf("sleep", "*", sleep), ...parts]);
}
