/** Every body store keeps the contract: a directory, and the buckets of real servers. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpMs, isUnavailable, type Unavailable } from "../../../test/servers/server.ts";
import { bodyPlaces, type OpenPlace } from "../../../test/support/body-places.ts";
import { loadConfig } from "../../config.ts";
import { openBodies } from "../../open-bodies.ts";
import type { BodyStore } from "./body-store.ts";
import { directoryBodies } from "./directory.ts";
import { toArray } from "./to-array.fixture.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-stores-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Opens a place as a process does. The database, which the bodies themselves do not need, is not reached. */
async function openAt({ settings }: OpenPlace, opened: AsyncDisposableStack): Promise<BodyStore> {
  const config = loadConfig({
    ...settings,
    SYSTOLE_DATA_DIR: directory,
    SYSTOLE_ALLOW_PRIVATE_DESTINATIONS: "true",
  });
  return (await openBodies(config, "postgres://127.0.0.1:1/none", opened)).bodies;
}

const listed = (bodies: BodyStore, prefix: string) => toArray(bodies.list(prefix));

describe.each(Object.entries(bodyPlaces))("%s", (_, openPlace) => {
  const opened = new AsyncDisposableStack();
  let place: OpenPlace | Unavailable;
  let bodies: BodyStore;
  beforeAll(async () => {
    place = await openPlace();
    if (isUnavailable(place)) return;
    opened.defer(place.close);
    bodies = await openAt(place, opened);
  }, bringUpMs);
  afterAll(() => opened.disposeAsync());
  const check = (name: string, run: (bodies: BodyStore, place: OpenPlace) => Promise<void>): void =>
    it(name, ({ skip }) => (isUnavailable(place) ? skip(place.reason) : run(bodies, place)));

  check("gives back the bytes of what was written, and of a file", async (bodies) => {
    const bytes = Buffer.from([0, 255, 10, 13]);
    await bodies.write("e/bytes/one.zst", bytes);
    const file = path.join(directory, "file");
    await writeFile(file, bytes);
    await bodies.put("e/bytes/two.zst", file);
    for (const key of ["e/bytes/one.zst", "e/bytes/two.zst"]) {
      expect(await bodies.read(key)).toEqual(bytes);
      await using local = await bodies.open(key);
      expect(local).not.toBeNull();
    }
  });

  check("replaces what is written twice", async (bodies) => {
    await bodies.write("e/twice/one", Buffer.from("former"));
    await bodies.write("e/twice/one", Buffer.from("new"));
    expect(String(await bodies.read("e/twice/one"))).toBe("new");
  });

  check("keeps each body under its key, below the prefix", async (bodies, { keys }) => {
    await bodies.write("e/place/one.zst", Buffer.from("1"));
    expect((await keys()).filter((key) => key.startsWith("e/place/"))).toEqual(["e/place/one.zst"]);
  });

  check("has nothing where nothing was written, and removes it without a word", async (bodies) => {
    expect(await bodies.read("e/none/one")).toBeNull();
    expect(await bodies.open("e/none/one")).toBeNull();
    await bodies.remove("e/none/one");
  });

  check("lists what is there below a prefix, and nothing after its removal", async (bodies) => {
    const keys = Array.from({ length: 5 }, (_none, index) => `e/person/${index}.zst`);
    await Promise.all(keys.map((key) => bodies.write(key, Buffer.from(key))));
    await bodies.write("e/personage/0.zst", Buffer.from("of another"));
    expect((await listed(bodies, "e/person/")).sort()).toEqual(keys);
    await Promise.all(keys.map((key) => bodies.remove(key)));
    expect(await listed(bodies, "e/person/")).toEqual([]);
    expect(await listed(bodies, "e/personage/")).toHaveLength(1);
  });

  check("takes writes while the same folder becomes empty again and again", async (bodies) => {
    const rounds = Array.from({ length: 30 }, async (_none, index) => {
      const key = `e/busy/${index}`;
      await bodies.write(key, Buffer.from(key));
      expect(String(await bodies.read(key))).toBe(key);
      await bodies.remove(key);
    });
    await Promise.all(rounds);
    expect(await listed(bodies, "e/busy/")).toEqual([]);
  });
});

it("a directory keeps no name of a person whose bodies are removed", async () => {
  const root = path.join(directory, "names");
  const bodies = directoryBodies(root);
  await bodies.write("environment/person/one", Buffer.from("1"));
  await bodies.remove("environment/person/one");
  expect(await readdir(root)).toEqual(["incoming"]);
});
