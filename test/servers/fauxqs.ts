/**
 * Fauxqs, an emulator of SQS: limits, refused characters, FIFO queues, failures of single entries and the
 * error codes are AWS's. It checks no credentials; for that there is moto.ts.
 */
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { accepts, answersHttp, untilReady } from "./support/ready.ts";

export interface FauxqsFacts {
  readonly url: string;
}

export const recipe: ServerRecipe<FauxqsFacts> = { name: "fauxqs", ports: ["http"], prepare, start };

const main = path.join(import.meta.dirname, "fauxqs/main.ts");

async function prepare(): Promise<Program | Unavailable> {
  try {
    // The package exports only its main module.
    const manifest = path.join(
      path.dirname(new URL(import.meta.resolve("fauxqs")).pathname),
      "../package.json",
    );
    const { default: read } = await import(manifest, { with: { type: "json" } });
    return { version: (read as { version: string }).version };
  } catch {
    return { reason: "fauxqs is not installed: it is one of the npm packages for development" };
  }
}

async function start(
  { directory, ports, spawn }: Place,
  { version }: Program,
): Promise<Started<FauxqsFacts>> {
  const url = `http://127.0.0.1:${ports.http}`;
  // A killed server holds its port until the last of its threads has ended.
  while (await accepts(ports.http as number)) await pause(10);
  const spawned = await spawn({ command: process.execPath, args: [main, String(ports.http), directory] });
  await untilReady(spawned, () => answersHttp(`${url}/health`));
  return { version: `fauxqs ${version}`, facts: { url } };
}
