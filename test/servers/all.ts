/** Finds which servers the tests of which kinds of destination use, by their files' imports. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { apart, type ServerRecipe, useServer } from "./server.ts";

const destinations = path.resolve(import.meta.dirname, "../../src/destinations");
const importedRecipe = /test\/servers\/([\w-]+)\.ts"/g;

/** A server that some kind's tests use. */
export interface WantedServer {
  readonly recipe: ServerRecipe;
  /** Whether the conformance suite uses it; the suite has servers separate from all other tests'. */
  readonly bySuite: boolean;
}

export interface KindOfServer {
  readonly kind: string;
  readonly servers: readonly WantedServer[];
}

/** The name passed to `apart` for the suite's servers. */
export const suiteServers = "suite";

/** Returns every kind of destination with its servers; with `filters` only those, matched as Vitest does. */
export async function serversOfKinds(filters: readonly string[] = []): Promise<KindOfServer[]> {
  const kinds = readdirSync(destinations, { withFileTypes: true })
    .filter(({ name }) => existsSync(path.join(destinations, name, "index.ts")))
    .map(({ name }) => ({ kind: name, files: testFiles(path.join(destinations, name)) }))
    .filter(({ files }) => files.some((file) => isWanted(file, filters)));
  return Promise.all(kinds.map(async ({ kind, files }) => ({ kind, servers: await serversIn(files) })));
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)target\.ts$|\.test\.ts$/.test(name))
    .map((name) => path.join(folder, name));
}

const isWanted = (file: string, filters: readonly string[]): boolean =>
  filters.length === 0 || filters.some((filter) => file.includes(filter));

async function serversIn(files: readonly string[]): Promise<WantedServer[]> {
  const targets = files.filter((file) => file.endsWith("target.ts"));
  const others = files.filter((file) => !targets.includes(file));
  const [bySuite, byOthers] = await Promise.all([recipesIn(targets), recipesIn(others)]);
  return [
    ...bySuite.map((recipe) => ({ recipe, bySuite: true })),
    ...byOthers.map((recipe) => ({ recipe, bySuite: false })),
  ];
}

async function recipesIn(files: readonly string[]): Promise<ServerRecipe[]> {
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(importedRecipe)].map(([, name]) => name),
  );
  const modules = [...new Set(names)].map(
    (name) => import(path.join(import.meta.dirname, `${name}.ts`)) as Promise<object>,
  );
  return (await Promise.all(modules)).flatMap((module) => Object.values(module)).filter(isRecipe);
}

function isRecipe(value: unknown): value is ServerRecipe {
  const { name, ports, prepare, start } = Object(value) as Partial<ServerRecipe>;
  return typeof name === "string" && Array.isArray(ports) && prepare !== undefined && start !== undefined;
}

/** Returns each server once, the suite's first, since they are needed longest. One server may serve several kinds. */
export function serversAlone(kinds: readonly KindOfServer[]): WantedServer[] {
  const all = kinds.flatMap(({ servers }) => servers);
  const named = all.map((server) => [`${server.recipe.name} ${server.bySuite}`, server] as const);
  return [...new Map(named).values()].sort((one, other) => Number(other.bySuite) - Number(one.bySuite));
}

/** Brings a server up in the way of the tests that need it. */
export const bringUp = ({ recipe, bySuite }: WantedServer, options: { readonly keep: boolean }) =>
  bySuite ? apart(suiteServers, () => useServer(recipe, options)) : useServer(recipe, options);
