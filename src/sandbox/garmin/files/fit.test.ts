/** Generated files, read by other programs' readers. */

import { buffer } from "node:stream/consumers";
import FitParser, { type ParsedFit } from "fit-file-parser";
import { expect, it } from "vitest";
import yauzl from "yauzl";
import { fileOf } from "../generate/recording.ts";

const recorded = {
  id: 7,
  sport: "running",
  start: Date.parse("2025-06-14T07:00:00Z"),
  seconds: 1_800,
  pauseSeconds: 40,
  metres: 5_100,
  averageHeartRate: 140,
  key: ["a person"],
};

async function fitIn(zip: Buffer): Promise<{ name: string; messages: NonNullable<ParsedFit["messages"]> }> {
  const archive = await yauzl.fromBufferPromise(zip);
  for await (const entry of archive.eachEntry()) {
    const bytes = await buffer(await archive.openReadStreamPromise(entry));
    const { messages = {} } = await new FitParser({ force: false }).parseAsync(bytes);
    return { name: entry.fileName, messages };
  }
  throw new Error("no entry");
}

it("a file is a ZIP file with a FIT file that agrees with its activity", async () => {
  const { name, messages } = await fitIn(fileOf(recorded));
  expect(name).toBe("7_ACTIVITY.fit");
  expect(messages.session).toMatchObject([
    { sport: "running", total_elapsed_time: 1_840, total_timer_time: 1_800, total_distance: 5_100 },
  ]);
  expect(messages.record).toHaveLength(1_801);
  expect(messages.record?.at(-1)).toMatchObject({ distance: 5_100 });
  expect(messages.lap).toHaveLength(6);
  expect(messages.event?.map(({ event_type }) => event_type)).toEqual([
    "start",
    "stop_all",
    "start",
    "stop_all",
  ]);
  expect(messages.record?.every(({ heart_rate }) => heart_rate !== undefined)).toBe(true);
});

it("without distance it has laps of ten minutes, and no speed", async () => {
  const { messages } = await fitIn(fileOf({ ...recorded, sport: "yoga", metres: 0, pauseSeconds: 0 }));
  expect(messages.lap).toHaveLength(3);
  expect(messages.record?.[0]).not.toHaveProperty("enhanced_speed");
  expect(messages.record?.[0]).not.toHaveProperty("position_lat");
});
