/** Makes exercise files for the tests: FIT message by message, TCX lap by lap. */
import { FitBaseType, FitEncoder, type FitEncoderField } from "fit-file-parser";
import type { Part } from "../../provider.ts";
import { resources } from "../resources.ts";

/** Global message numbers of the FIT profile. */
export const fitMessage = { fileId: 0, session: 18, lap: 19, record: 20, event: 21, activity: 34 } as const;

const types = {
  enum: [1, FitBaseType.Enum],
  uint8: [1, FitBaseType.Uint8],
  uint16: [2, FitBaseType.Uint16],
  uint32: [4, FitBaseType.Uint32],
  sint32: [4, FitBaseType.Sint32],
} as const;

/** Field number, type and raw value, as in the file's bytes. */
export type FitField = readonly [number: number, type: keyof typeof types, value: number];

function encoded([number, type, value]: FitField): FitEncoderField {
  const [size, baseType] = types[type];
  return { number, size, baseType, value };
}

export function fitFile(messages: readonly (readonly [message: number, ...fields: FitField[]])[]): Buffer {
  const encoder = new FitEncoder({ protocolVersion: 0x20 });
  encoder.writeMessage(fitMessage.fileId, [encoded([0, "enum", 4]), encoded([1, "uint16", 255])]);
  for (const [message, ...fields] of messages) encoder.writeMessage(message, fields.map(encoded));
  return Buffer.from(encoder.close());
}

export const fitTime = (iso: string) => FitEncoder.toFitTimestamp(new Date(iso));

export function tcxFile(laps: string, before = ""): string {
  return `${before}<?xml version="1.0" encoding="UTF-8"?>
<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2">
<Activities><Activity Sport="Running"><Id>2025-05-11T03:59:58.000Z</Id>${laps}</Activity></Activities>
</TrainingCenterDatabase>
`;
}

/** Makes a lap of TCX. Each track is the times of its points. */
export function tcxLap(start: string, fields: string, ...tracks: readonly (readonly string[])[]): string {
  const points = tracks.map((times) => {
    const inside = times.map((time) => `<Trackpoint><Time>${time}</Time></Trackpoint>`).join("");
    return `<Track>${inside}</Track>`;
  });
  return `<Lap StartTime="${start}">${fields}${points.join("")}</Lap>`;
}

/** Returns the parts that a file makes for an exercise, from its bytes. */
export function filePartsOf(
  format: "fit" | "tcx" | "gpx",
  key: string,
  bytes: Buffer | string,
): readonly Part[] {
  const found = resources.find(({ name }) => name === `exercise-${format}`);
  if (!found) throw new Error(`no resource for ${format}`);
  return found.parts(key, found.decode(Buffer.from(bytes)));
}
