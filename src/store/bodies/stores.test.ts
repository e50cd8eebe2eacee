/** Every body store keeps the contract: a directory, and the buckets of real servers. */
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpMs, isUnavailable } from "../../../test/servers/server.ts";
import { readSas } from "../../destinations/azure-blob/sas.ts";
import { startTarget as startAzure } from "../../destinations/azure-blob/target.ts";
import { openGuard } from "../../destinations/conformance/bench.ts";
import { startTarget as startGcs } from "../../destinations/gcs/target.ts";
import { openClient } from "../../destinations/s3/client.ts";
import { settings as s3Settings } from "../../destinations/s3/settings.ts";
import { startTarget as startS3 } from "../../destinations/s3/target.ts";
import { azureApi } from "./azure.ts";
import type { BodyStore } from "./body-store.ts";
import { directoryBodies } from "./directory.ts";
import { gcsApi } from "./gcs.ts";
import { httpBodies } from "./http-objects.ts";
import { s3Bodies } from "./s3.ts";
import { toArray } from "./to-array.fixture.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "systole-stores-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

interface Opened {
  readonly bodies: BodyStore;
  close(): Promise<void>;
}
type Open = () => Promise<Opened | { readonly reason: string }>;

const stores: Readonly<Record<string, Open>> = {
  "a directory": async () => ({
    bodies: directoryBodies(path.join(directory, "bodies")),
    close: async () => {},
  }),
  "a container of Azure": async () => {
    const target = await startAzure();
    if (isUnavailable(target)) return target;
    const place = await target.open(target.address);
    const sas = readSas(place.sasUrl("rwdl"), undefined);
    const incoming = path.join(directory, "incoming");
    return serverOf(target, httpBodies(azureApi(sas), { context: openGuard, prefix: "below/", incoming }));
  },
  "a bucket of Google": async () => {
    const target = await startGcs();
    if (isUnavailable(target)) return target;
    const place = await target.open(target.address);
    const endpoint = new URL(target.running.facts.url);
    const tokens = { current: async () => "of a stand-in" };
    const api = gcsApi({ endpoint, bucket: place.bucket.name, tokens });
    const incoming = path.join(directory, "incoming");
    return serverOf(target, httpBodies(api, { context: openGuard, prefix: "below/", incoming }));
  },
  "a bucket of S3": async () => {
    const target = await startS3();
    if (isUnavailable(target)) return target;
    const place = await target.open(target.address);
    const given = s3Settings.parse(place.ownerSettings);
    const { client, close } = openClient(given, openGuard);
    const incoming = path.join(directory, "incoming");
    const bodies = s3Bodies({ client, bucket: place.bucket, prefix: "below/", incoming });
    return {
      bodies,
      async close() {
        close();
        await place.close();
        await target.close();
      },
    };
  },
};

const serverOf = (target: { close(): Promise<void> }, bodies: BodyStore & { close(): Promise<void> }) => ({
  bodies,
  async close() {
    await bodies.close();
    await target.close();
  },
});

const listed = (bodies: BodyStore, prefix: string) => toArray(bodies.list(prefix));

describe.each(Object.entries(stores))("%s", (_, open) => {
  let opened: Awaited<ReturnType<Open>>;
  beforeAll(async () => {
    opened = await open();
  }, bringUpMs);
  afterAll(async () => {
    if ("bodies" in opened) await opened.close();
  });
  const check = (name: string, run: (bodies: BodyStore) => Promise<void>): void =>
    it(name, ({ skip }) => ("reason" in opened ? skip(opened.reason) : run(opened.bodies)));

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
