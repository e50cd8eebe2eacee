/**
 * The dependencies that the package carries: the very files that were tested, at the places that the lock file gives
 * them. Left out is what no program loads (types, source maps, documents) and what a dependency itself calls optional.
 * docs/adr/0081 says why.
 */
import { cp } from "node:fs/promises";
import path from "node:path";

export interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** Has a binary for each platform: npm chooses it where the package is installed. */
const ofPlatform: ReadonlySet<string> = new Set(["@node-rs/argon2"]);

const unread = /\.(map|ts|mts|cts|tsbuildinfo|flow)$/;
const document = /\.(md|markdown)$/i;
const licence = /(licen[cs]e|notice|copying)/i;

/** Splits the program's dependencies into those that are carried and those that npm installs. */
export function splitDependencies(dependencies: Readonly<Record<string, string>>) {
  const entries = Object.entries(dependencies);
  return {
    carried: entries.flatMap(([name]) => (ofPlatform.has(name) ? [] : [name])),
    installed: Object.fromEntries(entries.filter(([name]) => ofPlatform.has(name))),
  };
}

/** Returns the places of the packages and of all that they need, relative to the checkout. */
export function placesOf(names: readonly string[], packages: LockedPackages): readonly string[] {
  const found = new Set<string>();
  const waiting = names.map((name) => ({ from: "", name }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const place = placeFor(next.name, next.from, packages);
    if (found.has(place)) continue;
    found.add(place);
    waiting.push(...needsOf(packages[place] ?? {}).map((name) => ({ from: place, name })));
  }
  return [...found].sort();
}

function needsOf(locked: LockedPackage): string[] {
  const optional = new Set(Object.keys(locked.optionalDependencies ?? {}));
  const peers = Object.keys(locked.peerDependencies ?? {}).filter(
    (name) => locked.peerDependenciesMeta?.[name]?.optional !== true,
  );
  return [...Object.keys(locked.dependencies ?? {}), ...peers].filter(
    (name) => !optional.has(name) && !name.startsWith("@types/"),
  );
}

/** Node's own rule: the nearest `node_modules` that has it. @throws when the lock file has none */
function placeFor(name: string, from: string, packages: LockedPackages): string {
  const place = `${from === "" ? "" : `${from}/`}node_modules/${name}`;
  if (place in packages) return place;
  if (from === "") throw new Error(`${name} is not in package-lock.json`);
  return placeFor(name, from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/"))), packages);
}

/** Copies what the program loads of them, and every licence. */
export async function copyPackages(places: readonly string[], from: string, to: string): Promise<void> {
  for (const place of places) {
    const source = path.join(from, place);
    await cp(source, path.join(to, place), {
      recursive: true,
      filter: (file) => isCarried(path.relative(source, file)),
    });
  }
}

function isCarried(file: string): boolean {
  const name = path.basename(file);
  if (file === "") return true;
  if (name === "node_modules" || name.startsWith(".")) return false;
  if (licence.test(name)) return true;
  return !unread.test(name) && !document.test(name);
}
