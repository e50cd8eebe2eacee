import { afterEach, expect, test } from "vitest";
import { type Conversions, conversions, type RecordText } from "../export/conversions.ts";
import { examples, exampleUser } from "../models/examples.fixture.ts";
import { Converter } from "./converter.ts";

let converter = new Converter();
afterEach(() => converter.close());

const settings = { fhirBase: "https://example.com/fhir", birthDate: false };
const second = (index: number) => new Date(Date.UTC(2026, 2, 1) + index * 1_000).toISOString().slice(0, 19);
const hour = {
  ...examples.activity,
  heart_rate_data: {
    detailed: {
      hr_samples: Array.from({ length: 7_200 }, (_, index) => ({
        timestamp: `${second(index)}.000000+00:00`,
        bpm: 60 + (index % 60),
        timer_duration_seconds: index,
      })),
    },
  },
};

const text = (data: object): RecordText => ({
  userId: "2d0f1b0c-5f0e-4c3d-8f1f-6f3f1a52b001",
  referenceId: null,
  provider: "POLAR",
  type: "activity",
  naturalKey: "1",
  revision: 2,
  json: Buffer.from(JSON.stringify(data)),
});
const event = (): Conversions["event"]["task"]["event"] => {
  const body = Buffer.from(JSON.stringify({ user: exampleUser, data: [hour] }));
  const records = [{ type: "activity", naturalKey: "1", revision: 2 }] as const;
  const former = Buffer.from(
    JSON.stringify({ user: exampleUser, data: [{ ...hour, calories_data: { total_burned_calories: 500 } }] }),
  );
  const formers = [{ naturalKey: "1", records, body: former }];
  return { userId: "2d0f1b0c-5f0e-4c3d-8f1f-6f3f1a52b001", referenceId: null, records, body, formers };
};

test("a large record has the same form out of a thread as here, with Buffers for its bytes", async () => {
  converter = new Converter();
  const records = [text(hour)];
  for (const format of ["fit", "fhir"]) {
    const files = { records, settings, format };
    expect(await converter.convert("files", files)).toEqual(await conversions.files(files));
    const sent = { event: event(), format, settings, whenUnsupported: "terra" } as const;
    expect(await converter.convert("event", sent)).toEqual(await conversions.event(sent));
  }
  const answer = {
    records,
    settings,
    serverUrl: "https://example.com/fhir",
    selfUrl: "https://example.com/v2/activity?format=fhir",
  };
  expect(await converter.convert("searchset", answer)).toEqual(await conversions.searchset(answer));
  expect(await converter.convert("served", answer)).toEqual(await conversions.served(answer));
});

test("a large record that takes too long is refused, and a small one needs no thread", async () => {
  converter = new Converter({ timeMs: 1 });
  const large = converter.convert("served", { records: [text(hour)], settings });
  await expect(large).rejects.toMatchObject({
    code: "INTERNAL",
    details: { reason: "the conversion: time" },
  });
  const [small = []] = await converter.convert("served", { records: [text(examples.activity)], settings });
  expect(small.length).toBeGreaterThan(1);
});

test("a conversion is ended by its signal while it runs and while it waits, and the next one is done", async () => {
  converter = new Converter();
  const task = { records: [text(hour)], settings };
  const [running, waiting] = [new AbortController(), new AbortController()];
  const first = converter.convert("served", task, running.signal);
  const second = converter.convert("served", task, waiting.signal);
  const third = converter.convert("served", task);
  waiting.abort(new Error("waits no longer"));
  await expect(second).rejects.toThrow("waits no longer");
  running.abort(new Error("runs no longer"));
  await expect(first).rejects.toThrow("runs no longer");
  expect(await third).toEqual(await conversions.served(task));
  const begun = converter.convert("served", { records: [], settings }, running.signal);
  await expect(begun).rejects.toThrow("runs no longer");
});

test("other work goes on while a large record is converted", async () => {
  converter = new Converter();
  const records = Array.from({ length: 20 }, () => text(hour));
  let isDone = false;
  const converting = converter.convert("served", { records, settings }).finally(() => {
    isDone = true;
  });
  let turns = 0;
  while (!isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    turns += 1;
  }
  await converting;
  // In this thread it would be one turn for each step of the conversion: fewer than ten.
  expect(turns).toBeGreaterThan(100);
});
