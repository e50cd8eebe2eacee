/** Captured exports, where they are at hand. The figures are those of their index. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readPath } from "./testing/read.ts";

const payloads = path.resolve(import.meta.dirname, "../../../../../../shared/apple-payloads");

async function read(name: string) {
  const directory = mkdtempSync(path.join(os.tmpdir(), "systole-export-"));
  try {
    const found = await readPath(path.join(payloads, name), path.join(directory, "spool"));
    expect(found.error).toBeNull();
    return found;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe.skipIf(!existsSync(payloads))("a captured export", () => {
  it.each<[string, Record<string, number>]>([
    ["export-v3-2016-en_GB.xml", { samples: 15, workouts: 1, "activity-summaries": 2 }],
    ["export-v8-2019-fr_FR.xml", { samples: 13, beats: 1 }],
    ["export-2019-nodtd-inline-route.xml", { samples: 2, workouts: 1, "activity-summaries": 2 }],
    ["export-2019-filereference.zip", { samples: 2, workouts: 1, "activity-summaries": 2 }],
    ["export-2024-en_NL-nodtd.xml", { samples: 8 }],
    ["export-v13-2023-en_FR-subset.xml", { samples: 438, beats: 4 }],
    ["export-2026-workouts-fr.xml", { samples: 39, workouts: 4 }],
    ["mu-export-steps-two-devices.xml", { samples: 9, "activity-summaries": 2 }],
    ["mu-export-cycle-nutrition-correlations.xml", { samples: 39, correlations: 2 }],
  ])("%s has %j", async (name, counts) => {
    const { items } = await read(name);
    for (const [resource, count] of Object.entries(counts)) {
      expect(items(resource as "samples"), resource).toHaveLength(count);
    }
  });

  it("places its beats in the time of the record, which another offset printed", async () => {
    for (const name of ["export-v8-2019-fr_FR.xml", "export-v13-2023-en_FR-subset.xml"]) {
      for (const { startMs, endMs, beats } of (await read(name)).items("beats")) {
        expect(beats.length).toBeGreaterThan(0);
        for (const { atMs } of beats) {
          expect(atMs).toBeGreaterThanOrEqual(startMs - 2_000);
          expect(atMs).toBeLessThanOrEqual(endMs + 2_000);
        }
      }
    }
  });

  it("of 2018, made again in 2026, has the distance in its statistics alone", async () => {
    const [walk] = (await read("export-2026-workouts-fr.xml")).items("workouts");
    expect(walk).toMatchObject({ totalDistanceMeters: null, zone: "Europe/Luxembourg" });
    const distance = walk?.statistics.find(({ type }) => type.endsWith("DistanceWalkingRunning"));
    expect(distance?.sum).toBeCloseTo(1_215.51, 6);
  });

  it("does not give a route of 2019 to a workout of 2016", async () => {
    const { items, unread } = await read("export-2019-filereference.zip");
    expect(items("workouts")[0]?.route).toEqual([]);
    expect(unread).toMatchObject({ files: [{ name: "route without a workout", count: 1 }] });
  });
});
