/**
 * Azurite, Microsoft's own emulator of Blob Storage: signatures, SAS permissions, conditions and errors are
 * Azure's. It writes its list of blobs to disk every five seconds, so a killed one loses the latest.
 */
import { createRequire } from "node:module";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { accepts, untilReady } from "./support/ready.ts";

export interface AzuriteFacts {
  /** The account's URL, e.g. `http://127.0.0.1:10000/devstoreaccount1`. */
  readonly url: string;
  readonly account: string;
  readonly key: string;
}

/** The account of every Azurite; its key is public. */
const account = "devstoreaccount1";
const key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

export const recipe: ServerRecipe<AzuriteFacts> = { name: "azurite", ports: ["blob"], prepare, start };

async function prepare(): Promise<Program | Unavailable> {
  const { resolve } = createRequire(import.meta.url);
  try {
    const manifest = resolve("azurite/package.json");
    const { version } = await import(manifest, { with: { type: "json" } }).then((module) => module.default);
    return { main: path.join(path.dirname(manifest), "dist/src/blob/main.js"), version };
  } catch {
    return { reason: "azurite is not installed: it is one of the npm packages for development" };
  }
}

async function start(place: Place, program: Program): Promise<Started<AzuriteFacts>> {
  const port = place.ports.blob as number;
  const options = ["--blobHost", "127.0.0.1", "--blobPort", String(port), "--location", place.directory];
  // The client is newer than Azurite and names a version of the API that it does not know.
  const switches = ["--silent", "--disableTelemetry", "--skipApiVersionCheck"];
  const args = [program.main as string, ...options, ...switches];
  // A killed server holds its port until the last of its threads has ended.
  while (await accepts(port)) await pause(10);
  const spawned = await place.spawn({ command: process.execPath, args });
  await untilReady(spawned, () => accepts(port));
  const url = `http://127.0.0.1:${port}/${account}`;
  return { version: `Azurite ${program.version}`, facts: { url, account, key } };
}
