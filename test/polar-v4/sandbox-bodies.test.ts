/** Every resource of the Dynamic API reads what the sandbox sends, in the live form and in that of Polar's Swagger. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unknownLeaves } from "../../src/providers/ledger-leaves.ts";
import { v4Resources } from "../../src/providers/polar/v4/resources.ts";
import type { Part, ServedResource } from "../../src/providers/provider.ts";
import { type DynamicWorld, startDynamic } from "../../src/sandbox/polar/v4/testing/world.ts";

let dynamic: DynamicWorld;
beforeAll(async () => {
  dynamic = await startDynamic();
  const body = { days: 29, seed: 7 };
  await dynamic.world.call(`/_sandbox/users/${dynamic.id}/generate`, { method: "POST", body });
});
afterAll(() => dynamic.close());

/** Recordings that began on the evening before, in UTC. */
const evening = ["v4-temperature", "v4-skin-contacts"];

/** A day on which the generated person did what there is, or the key of what has no day. */
function keysOf({ name }: ServedResource): readonly string[] {
  if (name === "v4-route") return ["1001"];
  if (name.startsWith("v4-training-session")) return ["2025-09-28"];
  return [evening.includes(name) ? "2025-10-01" : "2025-10-02", "current"];
}

interface Asked {
  readonly key: string;
  readonly path: string;
}

/** Returns the request for the first of these keys that the resource takes. */
function askedOf(resource: ServedResource): Asked {
  for (const key of keysOf(resource)) {
    try {
      return { key, path: resource.request(key, "1").path.replace("/v4/data", "") };
    } catch {
      // The other key is this resource's.
    }
  }
  throw new Error(`${resource.name} takes none of the keys`);
}

/** What a resource reads in a body: parts, or an index's entries. */
interface Read {
  readonly parts: readonly Part[];
  readonly entries: readonly unknown[];
}

async function readWith(resource: ServedResource, switches: object): Promise<Read> {
  const { key, path } = askedOf(resource);
  await dynamic.turn(switches);
  const answer = await dynamic.get(path);
  expect([path, answer.status]).toEqual([path, 200]);
  const body = resource.decode(Buffer.from(answer.text));
  return { parts: resource.parts(key, body), entries: resource.entries?.(body) ?? [] };
}

describe.each(v4Resources)("$name", (resource) => {
  it("reads the live form and the Swagger's alike", async () => {
    const live = await readWith(resource, {});
    expect(await readWith(resource, { wrapper: "swagger" })).toEqual(live);
    expect(live.parts.flatMap(({ value }) => unknownLeaves(resource.ledger, value))).toEqual([]);
    // Nothing is planned for this day, and the diary has one day a week.
    const isEmpty = ["v4-calendar", "v4-calendar-index", "v4-calendar-targets"].includes(resource.name);
    expect(live.parts.length + live.entries.length).toBeGreaterThanOrEqual(isEmpty ? 0 : 1);
  });
});
