/** Which servers the tests of which kinds of destination use, read off what their files import. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { ServerRecipe } from "./server.ts";

const destinations = path.resolve(import.meta.dirname, "../../src/destinations");
const importedRecipe = /test\/servers\/([\w-]+)\.ts"/g;

export interface KindOfServer {
  readonly kind: string;
  readonly recipes: readonly ServerRecipe[];
}

/** Every kind of destination with its servers; those of `filters` only, read as Vitest reads them. */
export async function serversOfKinds(filters: readonly string[] = []): Promise<KindOfServer[]> {
  const kinds = readdirSync(destinations, { withFileTypes: true })
    .filter(({ name }) => existsSync(path.join(destinations, name, "index.ts")))
    .map(({ name }) => ({ kind: name, files: testFiles(path.join(destinations, name)) }))
    .filter(({ files }) => files.some((file) => isWanted(file, filters)));
  return Promise.all(kinds.map(async ({ kind, files }) => ({ kind, recipes: await recipesOf(files) })));
}

function testFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /(^|\/)target\.ts$|\.test\.ts$/.test(name))
    .map((name) => path.join(folder, name));
}

const isWanted = (file: string, filters: readonly string[]): boolean =>
  filters.length === 0 || filters.some((filter) => file.includes(filter));

async function recipesOf(files: readonly string[]): Promise<ServerRecipe[]> {
  const names = files.flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(importedRecipe)].map(([, name]) => name),
  );
  const modules = [...new Set(names)].map((name) => import(`./${name}.ts`) as Promise<object>);
  return (await Promise.all(modules)).flatMap((module) => Object.values(module)).filter(isRecipe);
}

function isRecipe(value: unknown): value is ServerRecipe {
  const { name, ports, prepare, start } = Object(value) as Partial<ServerRecipe>;
  return typeof name === "string" && Array.isArray(ports) && prepare !== undefined && start !== undefined;
}

/** The same server may serve several kinds. */
export const recipesAlone = (kinds: readonly KindOfServer[]): ServerRecipe[] => [
  ...new Map(kinds.flatMap(({ recipes }) => recipes).map((recipe) => [recipe.name, recipe])).values(),
];
