/** The example payloads of the dashboard come from Oura's sandbox, of each data type. */
import { beforeAll, describe, expect, it } from "vitest";
import type { DataType } from "../../src/models/index.ts";
import { type Examples, Previews } from "../../src/previews/previews.ts";
import type { Provider } from "../../src/providers/provider.ts";
import { providerBySlug } from "../../src/providers/registry.ts";

type Json = ReturnType<typeof JSON.parse>;

const oura = providerBySlug("oura") as Provider;
let examples: Examples;
beforeAll(async () => {
  examples = await new Previews().of(oura);
});
/** As JSON, since samples may stand in columns. */
const of = (type: DataType): Json => JSON.parse(JSON.stringify(examples.get(type)?.record));

describe("Oura's examples", () => {
  it("are of every data type", () => {
    expect([...examples.keys()].sort()).toEqual([...oura.dataTypes].sort());
  });

  it("have the heart rate, which comes in pages of its own, in a day and in a workout", () => {
    const { metadata, heart_rate_data: beats } = of("daily");
    const instants = beats.detailed.hr_samples.map(({ timestamp }: Json) => Date.parse(timestamp));
    expect(instants.length).toBeGreaterThan(100);
    expect(Math.min(...instants)).toBeGreaterThanOrEqual(Date.parse(metadata.start_time));
    expect(Math.max(...instants)).toBeLessThan(Date.parse(metadata.end_time));
    expect(of("activity").heart_rate_data.detailed.hr_samples).not.toEqual([]);
  });

  it("have Oura's own ids, as the records that are sent", () => {
    for (const type of ["sleep", "activity"] as const) {
      const { summary_id: id } = of(type).metadata;
      expect(examples.get(type)?.naturalKey).toBe(`${examples.get(type)?.naturalKey.slice(0, 10)}/${id}`);
    }
  });
});
