/** The device that a record names. The same words make the same Device; another firmware is another one. */
import { ownConcept } from "./codes.ts";
import { type Fields, isAbsent, type LeaveOut, valueAt } from "./context.ts";
import { uuidOf } from "./identity.ts";
import { dataProvided } from "./own-codes.ts";
import type { Systems } from "./systems.ts";
import type { CodeableConcept, Device, Reference } from "./types.ts";
import { isWritableText, reasons } from "./value.ts";

interface Words {
  readonly name?: string;
  readonly manufacturer?: string;
  readonly hardware_version?: string;
  readonly software_version?: string;
  readonly serial_number?: string;
}

const words = ["name", "manufacturer", "hardware_version", "software_version", "serial_number"] as const;

/** The fields of `device_data` in which two devices differ. */
export const deviceFields: readonly string[] = [...words, "data_provided"];

export interface IdentifiedDevice {
  readonly id: string;
  readonly resource: Device;
}

/** Returns the Device; null when the record says nothing about one. */
export function deviceOf(
  userId: string,
  data: unknown,
  patient: Reference,
  systems: Systems,
  leaveOut: LeaveOut,
): IdentifiedDevice | null {
  const given = valueAt(data, "device_data") as Fields | null | undefined;
  if (typeof given !== "object" || given === null) return null;
  const known = wordsOf(given, leaveOut);
  const provided = providedOf(given, leaveOut);
  if (Object.keys(known).length + provided.length === 0) return null;
  const id = uuidOf("Device", userId, ...words.map((word) => known[word] ?? null), ...provided);
  return { id, resource: resourceOf(id, known, provided, patient, systems) };
}

function wordsOf(given: Fields, leaveOut: LeaveOut): Words {
  const known: Record<string, string> = {};
  for (const word of words) {
    const text = given[word];
    if (isWritableText(text)) known[word] = text.trim();
    else if (!isAbsent(text)) leaveOut(`device_data.${word}`, reasons.notText);
  }
  return known;
}

function providedOf(given: Fields, leaveOut: LeaveOut): string[] {
  const list = Array.isArray(given.data_provided) ? given.data_provided : [];
  const codes = list.map((word) => dataProvided.get(word)).filter((code) => code !== undefined);
  if (codes.length < list.length) leaveOut("device_data.data_provided", reasons.noCode);
  return [...new Set(codes)].toSorted();
}

function resourceOf(
  id: string,
  known: Words,
  provided: readonly string[],
  patient: Reference,
  systems: Systems,
): Device {
  const version = (code: string, value: string | undefined) =>
    value === undefined ? [] : [{ type: ownConcept(code, systems), value }];
  const versions = [
    ...version("hardware-version", known.hardware_version),
    ...version("software-version", known.software_version),
  ];
  const valueCode: CodeableConcept[] = provided.map((code) => ownConcept(code, systems));
  return {
    resourceType: "Device",
    identifier: [{ system: systems.resource, value: id }],
    ...(known.manufacturer && { manufacturer: known.manufacturer }),
    ...(known.serial_number && { serialNumber: known.serial_number }),
    ...(known.name && { deviceName: [{ name: known.name, type: "user-friendly-name" as const }] }),
    ...(versions.length > 0 && { version: versions }),
    ...(provided.length > 0 && { property: [{ type: ownConcept("data-provided", systems), valueCode }] }),
    patient,
  };
}
