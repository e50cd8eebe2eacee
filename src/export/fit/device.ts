/** The first messages of every file: what it is, and the devices that measured. */
import type { DeviceData, OtherDeviceData } from "../../models/index.ts";
import { personalSummaryId } from "../../models/index.ts";
import type { ExportableRecord } from "../contract.ts";
import { type Carried, carryAll, into } from "./carried.ts";
import { fitSeconds } from "./clock.ts";
import { Message } from "./message.ts";
import type { Omissions } from "./omissions.ts";
import { DEVICE_INFO, FILE_ID } from "./profile.ts";
import type { Span } from "./span.ts";

/** Numbers of the profile's type `file`. Sleep is not in the public profile; it is what watches write. */
export const FileType = { Activity: 4, Weight: 9, BloodPressure: 14, Monitoring: 32, Sleep: 49 } as const;
export type FileType = (typeof FileType)[keyof typeof FileType];

/** The profile's number for whoever has none of their own. */
const developmentManufacturer = 255;

/** Names in the profile's list, as providers write them, with their numbers. */
const manufacturers: readonly (readonly [name: string, number: number])[] = [
  ["garmin", 1],
  ["tanita", 11],
  ["suunto", 23],
  ["wahoo", 32],
  ["concept2", 40],
  ["polar", 123],
  ["coros", 294],
  ["zwift", 260],
  ["strava", 265],
];

function manufacturerNumber(name: string): { manufacturer: number } {
  const small = name.toLowerCase();
  const known = manufacturers.find(([start]) => small === start || small.startsWith(`${start} `));
  return { manufacturer: known?.[1] ?? developmentManufacturer };
}

const devices = into(DEVICE_INFO);

/** Returns the number that a text such as "2.1" is; else what no field can hold. */
const asNumber = (text: string): number => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN);

function deviceFields(section: string): readonly Carried<keyof typeof DEVICE_INFO.fields>[] {
  return [
    devices(`${section}.name`, "product_name", null),
    devices(`${section}.manufacturer`, "manufacturer", null, "derived", {
      note: "the number of a known name, else 255 (development)",
      convert: manufacturerNumber,
    }),
    devices(`${section}.hardware_version`, "hardware_version", null, "exact", {
      note: "whole numbers up to 254",
      convert: (text: string) => ({ hardware_version: /^\d+$/.test(text) ? Number(text) : Number.NaN }),
    }),
    devices(`${section}.software_version`, "software_version", null, "exact", {
      note: "numbers with up to two decimals",
      convert: (text: string) => ({
        software_version: /^\d+(\.\d{1,2})?$/.test(text) ? asNumber(text) : Number.NaN,
      }),
    }),
    devices(`${section}.serial_number`, "serial_number", null, "exact", {
      note: "numbers up to 4,294,967,295",
      convert: (text: string) => ({ serial_number: /^[1-9]\d{0,9}$/.test(text) ? Number(text) : Number.NaN }),
    }),
  ];
}

export const mainDevice = deviceFields("device_data");
export const otherDevices = deviceFields("device_data.other_devices[]");

/**
 * Returns the message that every file begins with. The serial number comes from the record's identity, so that an
 * importer that keeps one file for each serial number and time replaces the earlier revision.
 */
export function fileId(type: FileType, record: ExportableRecord, span: Span): Message {
  const serial = Number.parseInt(personalSummaryId(record).slice(0, 8), 16);
  return new Message(FILE_ID, {
    type,
    manufacturer: developmentManufacturer,
    product: 0,
    serial_number: Math.max(1, serial),
    time_created: fitSeconds(span.endMs),
  });
}

/** Returns a message for the device and for each further one, at the file's first second; none when nothing is known. */
export function deviceInfo(
  device: DeviceData | null | undefined,
  timestamp: number,
  omissions: Omissions,
): Message[] {
  const listed: readonly OtherDeviceData[] = device?.other_devices ?? [];
  const main = { device_data: device };
  return [
    { source: main as unknown, declared: mainDevice },
    ...listed.map((source) => ({ source: source as unknown, declared: otherDevices })),
  ].flatMap(({ source, declared }, index) => {
    const message = new Message(DEVICE_INFO, { timestamp, device_index: index });
    const before = message.fields.length;
    carryAll(message, declared, source, omissions);
    return message.fields.length > before ? [message] : [];
  });
}
