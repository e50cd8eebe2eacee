/** The leaves of the SDK's bodies: those that the reader uses, and those that it knows and leaves. */
import { ignored, type Ledger } from "../../../ledger.ts";
import { figureNames } from "./workouts.ts";

const device = ignored("the model and the name tell the device");
const none = ignored("sent as null by all known versions");

const unused = (at: string): Ledger => ({
  [`${at}parentId`]: none,
  [`${at}source.version`]: device,
  [`${at}source.deviceId`]: device,
  [`${at}source.deviceManufacturer`]: device,
  [`${at}source.deviceSoftwareVersion`]: device,
  [`${at}source.operatingSystemVersion`]: device,
  [`${at}source.operatingSystemVersionString`]: device,
});

/** The leaves that no record needs. */
const unusedLeaves: Ledger = {
  provider: ignored("checked at the door: apple"),
  sdkVersion: ignored("the reader takes all versions alike"),
  syncTimestamp: ignored("the time of arrival is kept"),
  syncSessionId: ignored("samples are folded by their ids, in whatever session they come"),
  syncType: ignored("says how the phone was woken"),
  ...unused("data.records[]."),
  ...unused("data.sleep[]."),
  ...unused("data.workouts[]."),
  "data.sleep[].values": none,
  "data.workouts[].title": none,
  "data.workouts[].notes": none,
};

const read = ignored("read into parts of their own, whose ledgers say what becomes of it");
const all = (at: string, names: readonly string[]): Ledger =>
  Object.fromEntries(names.map((name) => [`${at}${name}`, read]));

const common = (at: string): Ledger => ({
  ...all(at, ["id", "startDate", "endDate", "zoneOffset", "metadata"]),
  ...all(`${at}source.`, ["appId", "bundleIdentifier", "name", "deviceName", "deviceModel", "deviceType"]),
  ...all(`${at}source.`, ["deviceHardwareVersion", "productType", "recordingMethod"]),
});

/** Lists that are null in all known versions. What may once stand in them is unknown, and counted. */
const empty = Object.fromEntries(
  ["segments", "laps", "route", "samples"].map((name) => [`data.workouts[].${name}[].id`, none]),
);

/** Every leaf that is known, whatever becomes of it. */
export const openWearablesLedger: Ledger = {
  ...common("data.records[]."),
  ...all("data.records[].", ["type", "value", "unit"]),
  ...common("data.sleep[]."),
  ...all("data.sleep[].", ["stage"]),
  ...common("data.workouts[]."),
  ...all("data.workouts[].", ["type", "duration"]),
  ...Object.fromEntries(
    figureNames.flatMap((name) => Object.entries(all(`data.workouts[].values[type=${name}].`, ["type"]))),
  ),
  ...all("data.workouts[].values[].", ["value", "unit"]),
  ...empty,
  ...unusedLeaves,
};
