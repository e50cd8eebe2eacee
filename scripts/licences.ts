/**
 * Fails when a package of the lock file has a licence that was not agreed to. Packages installed with Systole, and
 * those in the dashboard's build, must be permissive; for packages used only in development, weak copyleft is allowed
 * too.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Bundled, bundledPackages } from "./bundled.ts";

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  /** A workspace of this repository. */
  readonly link?: boolean;
}

const permissive = new Set(["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "MIT"]);
const forDevelopment = new Set([
  ...permissive,
  "BlueOak-1.0.0",
  "MPL-2.0",
  "OFL-1.1",
  "Python-2.0",
  "Unlicense",
]);
/** A font may be part of a program under any licence. */
const forBundled = new Set([...permissive, "OFL-1.1"]);
/** Packages whose manifest names no SPDX licence; each was checked by hand. */
const lookedAt: Readonly<Record<string, string>> = {
  "node_modules/@lhncbc/ucum-lhc": "BSD terms of the National Library of Medicine, and UCUM's; in tests only",
  "node_modules/fhirpath": "BSD terms of the National Library of Medicine; in tests only",
  "node_modules/terra-api": "no licence named; a client used in tests only, never distributed",
  "node_modules/uri-templates": "names the address of its text, which is in the public domain or MIT",
};

/** Returns the places in the lock file with a licence that is not agreed to, each with that licence. */
export function unwanted(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages)
    .filter(([place, { license, dev, link }]) => {
      const agreed = dev === true ? forDevelopment : permissive;
      if (place === "" || link === true || (dev === true && place in lookedAt)) return false;
      return !isAgreed(license ?? "", agreed);
    })
    .map(([place, { license }]) => `${place}: ${license ?? "no licence"}`);
}

/** Returns the packages in the dashboard's build with a licence that is not agreed to. */
export const unwantedBundled = (bundled: readonly Bundled[]): string[] =>
  bundled
    .filter(({ identifier }) => !isAgreed(identifier ?? "", forBundled))
    .map(({ name, identifier }) => `${name} in the dashboard: ${identifier ?? "no licence"}`);

/** Whether a licence is agreed to: of an expression with OR one licence suffices; with AND all are needed. */
function isAgreed(expression: string, agreed: ReadonlySet<string>): boolean {
  const bare = expression.replace(/^\((.*)\)$/, "$1");
  if (bare.includes(" OR ")) return bare.split(" OR ").some((part) => isAgreed(part, agreed));
  return bare.split(" AND ").every((part) => agreed.has(part.trim()));
}

if (import.meta.main) {
  const lock = path.resolve(import.meta.dirname, "../package-lock.json");
  const { packages } = JSON.parse(readFileSync(lock, "utf8"));
  const found = [...unwanted(packages), ...unwantedBundled(await bundledPackages())];
  process.stdout.write(found.length === 0 ? "Every licence is agreed to.\n" : `${found.join("\n")}\n`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
