/**
 * The FIT format (protocol 2.0). A record becomes one file; one with measurements of several kinds becomes several,
 * chained one after the other as the protocol allows, and `content` has each by itself.
 */
import type { DataType } from "../../models/index.ts";
import { defineFormat, type ExportableRecord } from "../contract.ts";
import { activityFiles } from "./activity.ts";
import { bodyFiles } from "./body.ts";
import { dailyFiles } from "./daily.ts";
import { type FitFile, writeFit } from "./fit-file.ts";
import { Omissions } from "./omissions.ts";
import { sleepFiles } from "./sleep.ts";

export interface FitContent {
  readonly kind: FitFile["kind"];
  readonly bytes: Buffer;
}

const supported: ReadonlySet<DataType> = new Set(["activity", "body", "daily", "sleep"]);

function filesOf(record: ExportableRecord, omissions: Omissions): readonly FitFile[] {
  switch (record.type) {
    case "activity":
      return activityFiles(record, omissions);
    case "body":
      return bodyFiles(record, omissions);
    case "daily":
      return dailyFiles(record, omissions);
    case "sleep":
      return sleepFiles(record, omissions);
    default:
      return [];
  }
}

export const fit = defineFormat<readonly FitContent[]>({
  name: "fit",
  displayName: "FIT",
  contentType: "application/vnd.ant.fit",
  extension: ".fit",
  supports: (type) => supported.has(type),
  write(record) {
    const omissions = new Omissions();
    const content = filesOf(record, omissions).map(({ kind, messages }) => ({
      kind,
      bytes: writeFit(messages),
    }));
    if (content.length === 0) return null;
    return { content, bytes: Buffer.concat(content.map(({ bytes }) => bytes)), leftOut: omissions.list() };
  },
});
