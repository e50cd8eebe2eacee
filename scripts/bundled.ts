/** The packages that are part of the dashboard's build, as the build itself lists them. */
import { readFile } from "node:fs/promises";
import path from "node:path";
import { ensureDashboard } from "../src/dashboard/build.ts";
import { buildDirectoryOf, checkout } from "../src/dashboard/sources.ts";

export interface Bundled {
  readonly name: string;
  readonly version: string;
  /** SPDX. */
  readonly identifier: string | null;
}

/** Builds the dashboard first where it is stale. @throws when it cannot be built, and never was */
export async function bundledPackages(): Promise<readonly Bundled[]> {
  await ensureDashboard({ say: (line) => void process.stderr.write(`${line}\n`) });
  const file = path.join(buildDirectoryOf(checkout), "licences.json");
  return JSON.parse(await readFile(file, "utf8"));
}
