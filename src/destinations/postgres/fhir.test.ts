import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import { inFormat } from "../conformance/formed.ts";
import { testResources } from "../conformance/resources.fixture.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import { parseSettings } from "../settings.ts";
import destination from "./index.ts";
import { behaviour, startTarget } from "./target.ts";

testResources(behaviour, startTarget);

const readme = readFileSync(path.join(import.meta.dirname, "../kit/sql/README.md"), "utf8");
const [, query = ""] = /## In FHIR[\s\S]*?```sql\n([\s\S]*?)```/.exec(readme) ?? [];

const test = onServer({ destination, startTarget });

test("the README's query of resources tells what everybody weighed", async ({ place }) => {
  const sender = destination.connect(parseSettings(destination, place.settings), openGuard, "fhir");
  const weight = (kilograms: number, day: string): string =>
    `"measurements_data": {"measurements": [{"weight_kg": ${kilograms}, "measurement_time": "2026-03-${day}T07:00:00.000000+01:00"}]}`;
  for (const [kilograms, day] of [
    [70.5, "02"],
    [70.1, "01"],
  ] as const) {
    const record = { naturalKey: day, members: weight(kilograms, day) };
    await sender.deliver(await inFormat(dataEvent("body", [record], { userId: "anna" }), "fhir"), deadline());
  }
  expect(await place.query(query)).toEqual([
    { day: "2026-03-01", reference_id: "person-1", kg: "70.1" },
    { day: "2026-03-02", reference_id: "person-1", kg: "70.5" },
  ]);
  const times =
    "SELECT effective, effective_start, effective_end FROM fhir_resources WHERE natural_key = '01' AND code IS NOT NULL";
  expect(await place.query(times)).toEqual([
    {
      effective: "2026-03-01T07:00:00+01:00",
      effective_start: "2026-03-01T06:00:00.000Z",
      effective_end: "2026-03-01T06:00:00.000Z",
    },
  ]);
  await sender.close();
});
