import { describe, expect, it } from "vitest";
import { type DataType, dataTypes } from "../models/index.ts";
import { below, type FieldTable, faultsOf, leftOut, type ModelFields, written } from "./field-table.ts";
import { fieldsOf } from "./model-fields.ts";

const whole = (type: DataType): ModelFields =>
  Object.fromEntries(fieldsOf(type).map((field) => [field, written("somewhere", "m", "exact")]));
const table = Object.fromEntries(dataTypes.map((type) => [type, whole(type)])) as FieldTable;

describe("fields of a model", () => {
  it("go down through sections and lists to the leaves", () => {
    const fields = fieldsOf("activity");
    expect(fields).toContain("metadata.start_time");
    expect(fields).toContain("heart_rate_data.detailed.hr_samples[].bpm");
    expect(fields).toContain("lap_data.laps[].distance_meters");
    expect(fields).toContain("device_data.data_provided[]");
  });

  it("end at a pair of coordinates and at a map whose keys are data", () => {
    expect(fieldsOf("activity")).toContain("position_data.position_samples[].coords_lat_lng_deg");
    expect(fieldsOf("sleep")).toContain("data_enrichment.sleep_contributors");
  });
});

describe("field table", () => {
  it("is right when each field is in one line", () => {
    expect(faultsOf(table)).toEqual([]);
  });

  it("is wrong when a field is in no line", () => {
    const { "metadata.start_time": _, ...daily } = table.daily;
    expect(faultsOf({ ...table, daily })).toEqual(["daily.metadata.start_time: in no line"]);
  });

  it("is wrong when a line names no field", () => {
    const daily = { ...table.daily, "metadata.begin": written("somewhere", "s", "exact") };
    expect(faultsOf({ ...table, daily })).toEqual(["daily.metadata.begin: not a field of the model"]);
  });

  it("is wrong when a field is in two lines", () => {
    const daily = { ...table.daily, metadata: leftOut("no place") };
    expect(faultsOf({ ...table, daily })).toContain(
      "daily.metadata.start_time: in 2 lines, metadata.start_time, metadata",
    );
  });

  it("lets a section that is left out stand for its fields, and a written one not", () => {
    const rest = Object.entries(table.daily).filter(([field]) => !field.startsWith("device_data"));
    const without = Object.fromEntries(rest);
    const left = { ...table, daily: { ...without, device_data: leftOut("no place") } };
    expect(faultsOf(left)).toEqual([]);
    const all = { ...table, daily: { ...without, device_data: written("Device", null, "exact") } };
    expect(faultsOf(all)).toContain("daily.device_data: not a field of the model");
  });

  it("takes the fields of a section that several models have", () => {
    expect(below("metadata", { start_time: leftOut("no place") })).toEqual({
      "metadata.start_time": { leftOut: "no place" },
    });
  });
});
