/**
 * fake-gcs-server: Google Cloud Storage's JSON API. It implements generations and `ifGenerationMatch` of
 * uploads. It knows no credentials and no permissions, answers no `testIamPermissions`, and deletes whatever
 * condition is given.
 */
import { glob, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Place, Program, ServerRecipe, Started, Unavailable } from "./server.ts";
import { goInstall } from "./support/install.ts";
import { answersHttp, untilReady } from "./support/ready.ts";

export interface FakeGcsFacts {
  /** e.g. `http://127.0.0.1:4443`. */
  readonly url: string;
}

const version = "1.56.1";

/** Keeps everything in memory. */
export const recipe = fakeGcs("fake-gcs", () => ({ backend: "memory" }));

/** Keeps everything on disk, also when it is killed. The parts of a name are limited to about 230 bytes. */
export const recipeOnDisk = fakeGcs("fake-gcs-on-disk", ({ directory }) => ({
  backend: "filesystem",
  "filesystem-root": path.join(directory, "buckets"),
}));

type Options = Readonly<Record<string, string>>;

function fakeGcs(name: string, backend: (place: Place) => Options): ServerRecipe<FakeGcsFacts> {
  return { name, ports: ["http"], prepare, start: (place, program) => start(place, program, backend(place)) };
}

async function prepare(programs: string): Promise<Program | Unavailable> {
  const directory = path.join(programs, `fake-gcs-server-${version}`);
  const unavailable = await goInstall(directory, `github.com/fsouza/fake-gcs-server@v${version}`);
  return unavailable ?? { server: path.join(directory, "fake-gcs-server") };
}

async function start(place: Place, program: Program, backend: Options): Promise<Started<FakeGcsFacts>> {
  const url = `http://127.0.0.1:${place.ports.http}`;
  await mkdir(place.directory, { recursive: true });
  await removeHalfWritten(place.directory);
  const options = {
    scheme: "http",
    host: "127.0.0.1",
    port: String(place.ports.http),
    "log-level": "warn",
    ...backend,
  };
  const args = Object.entries(options).flatMap(([name, value]) => [`-${name}`, value]);
  const spawned = await place.spawn({ command: program.server as string, args });
  await untilReady(spawned, () => answersHttp(`${url}/_internal/healthcheck`));
  return { version: `fake-gcs-server ${version}`, facts: { url } };
}

/**
 * Removes the files that a killed server was writing. It writes an object under another name, which begins with a dot,
 * then renames it. One that is left has no metadata, and every list of its bucket answers 404 from then on.
 */
async function removeHalfWritten(directory: string): Promise<void> {
  for await (const file of glob("buckets/**/.*", { cwd: directory })) await rm(path.join(directory, file));
}
