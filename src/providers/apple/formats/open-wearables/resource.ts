/** The bodies of the open-wearables SDK, kept as they came. */
import { decodeJson } from "../../../kit/json-body.ts";
import type { Resource } from "../../../provider.ts";
import { growingWorkout } from "../../healthkit/growing-parts.ts";
import { bodyFields, fieldsIn, listIn } from "../fields.ts";
import { Statements } from "../statements.ts";
import { Unread } from "../unread.ts";
import { openWearablesLedger } from "./leaves.ts";
import { type ReadItem, readRecord, readStage } from "./records.ts";
import { readWorkout } from "./workouts.ts";

const name = "open-wearables";

export const openWearables: Resource = {
  name,
  ledger: openWearablesLedger,
  discovery: null,
  decode: (body) => decodeJson(name, body),
  parts(key, body) {
    const unread = new Unread();
    const statements = new Statements({ format: name });
    const { records, sleep, workouts } = fieldsIn(bodyFields(name, key, body).data);
    const addSample = (list: string, read: ReadItem): void => {
      if ("unreadable" in read) unread.note(`data.${list}[].${read.unreadable}`);
      else statements.addSample(read.sample);
      if ("sample" in read && read.sample.value === null) unread.note(`data.${list}[].value`);
    };
    for (const item of listIn(records)) addSample("records", readRecord(item));
    for (const item of listIn(sleep)) addSample("sleep", readStage(item));
    for (const item of listIn(workouts)) {
      const read = readWorkout(item);
      for (const leaf of read?.unreadable ?? ["startDate"]) unread.note(`data.workouts[].${leaf}`);
      if (read !== null) statements.add("workouts", growingWorkout(read.workout));
    }
    return [...statements.parts(), unread.part(name, openWearablesLedger, body)];
  },
};
