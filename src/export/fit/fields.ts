/**
 * What becomes of every field of every model in FIT: the declarations that the writers follow, and the reasons for what
 * is left out. The tables of the README are generated from it.
 */
import { type DataType, models } from "../../models/index.ts";
import { type FieldTable, leftOut, type ModelFields } from "../field-table.ts";
import { activity } from "./fields-activity.ts";
import { body, daily, sleep } from "./fields-health.ts";

const noFile = leftOut("FIT has no file for such records");
const without = (type: DataType): ModelFields =>
  Object.fromEntries(Object.keys(models[type].shape).map((section) => [section, noFile]));

export const fields: FieldTable = {
  activity,
  daily,
  sleep,
  body,
  nutrition: without("nutrition"),
  menstruation: without("menstruation"),
  athlete: without("athlete"),
};
