import { describe, expect, it } from "vitest";
import { z } from "zod";
import { timestampSchema } from "../../../../models/index.ts";
import { commentOn } from "../comments.ts";
import type { Column } from "../tables.ts";
import { typedLayout } from "./layout.ts";
import { planRecord } from "./model.ts";

const { tables } = typedLayout();

function written(): string {
  const blocks = tables.map(({ name, key, columns }) => {
    const lines = columns.map((column) => `  ${column.name} ${column.type}`);
    return [`${name} (${key.join(", ")})`, ...lines].join("\n");
  });
  return `${blocks.join("\n\n")}\n`;
}

describe("the tables made of the models", () => {
  // A changed name breaks the queries of developers. Columns may be added: `vitest -u`.
  it("are those that were released", async () => {
    await expect(written()).toMatchFileSnapshot("columns.txt");
  });

  it("have names that both servers take without quotes, each once", () => {
    const names = tables.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { columns } of tables) {
      const columnNames = columns.map(({ name }) => name);
      expect(new Set(columnNames).size).toBe(columnNames.length);
      for (const name of [...names, ...columnNames]) expect(name).toMatch(/^[a-z][a-z0-9_]{0,62}$/);
    }
  });

  it("hold no JSON except provider data beyond the model", () => {
    const columns = tables.flatMap((table) => table.columns).filter(({ type }) => type.startsWith("json"));
    expect(new Set(columns.map(({ name, type }) => `${name} ${type}`))).toEqual(
      new Set(["provider_data jsonb"]),
    );
  });

  it("say the unit of every column whose name has one", () => {
    const said = (name: string, type: Column["type"] = "number") => commentOn({ name, type });
    expect(said("heart_rate_avg_hr_bpm")).toBe("Beats per minute");
    expect(said("heart_rate_avg_hrv_rmssd")).toBe("Milliseconds, by RMSSD");
    expect(said("glucose_day_avg_blood_glucose_mg_per_dl")).toBe("Milligrams per deciliter");
    expect(said("distance_meters")).toBe("Meters");
    expect(said("start_time_utc_offset_seconds", "integer")).toContain("seconds");
    expect(said("is_nap", "boolean")).toContain("not false");
  });
});

describe("a model", () => {
  const number = z.number().nullish();
  const sample = z.object({ timestamp: timestampSchema.nullish(), level: z.int().nullish() });
  const other = z.object({ timestamp: timestampSchema.nullish(), level: number });

  it("keeps names apart that only case or place tell apart", () => {
    const { table } = planRecord("x", z.object({ dL: number, dl: number, user_id: z.string() }));
    const names = table.columns.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(["dl", "dl_2", "user_id", "user_id_2"]));
  });

  it("shares a column between series, wide enough for both", () => {
    const model = z.object({ a_samples: z.array(sample), b_samples: z.array(other).nullish() });
    const { parts } = planRecord("x", model);
    expect(parts.map(({ name }) => name)).toEqual(["systole_x_samples"]);
    expect(parts[0]?.columns.filter(({ name }) => name.startsWith("level"))).toEqual([
      { name: "level", type: "number" },
    ]);
  });

  it("has lists inside lists, which name the element that they belong to", () => {
    const inner = z.object({ id: z.string() });
    const model = z.object({
      outer: z.array(z.object({ middle: z.array(z.object({ inner: z.array(inner) })) })),
    });
    const { parts } = planRecord("x", model);
    expect(parts.map(({ name, key }) => [name, ...key])).toEqual([
      ["systole_x_outer", "record_id", "position"],
      ["systole_x_outer_middle", "record_id", "outer_position", "position"],
      ["systole_x_outer_middle_inner", "record_id", "outer_position", "outer_middle_position", "position"],
    ]);
  });

  it("that has a field no column can hold is refused when it is made", () => {
    expect(() => planRecord("x", z.object({ date: z.date() }))).toThrow("no column holds a date");
  });
});
