/** Makes original files of activities for the tests, message by message. */
import { FitBaseType, FitEncoder, type FitEncoderField } from "fit-file-parser";
import { zipOf } from "../../../zip/zip.ts";
import type { Part } from "../../provider.ts";
import { activityFile } from "../resources/activity-file.ts";

/** Global message numbers of the FIT profile. */
export const message = { fileId: 0, session: 18, lap: 19, record: 20, event: 21, hrv: 78 } as const;

const types = {
  enum: [1, FitBaseType.Enum],
  uint8: [1, FitBaseType.Uint8],
  sint8: [1, FitBaseType.Sint8],
  uint16: [2, FitBaseType.Uint16],
  uint32: [4, FitBaseType.Uint32],
  sint32: [4, FitBaseType.Sint32],
} as const;

/** Field number, type and raw value, as in the file's bytes; bytes are as they are. */
export type FitField = readonly [number: number, type: keyof typeof types, value: number | Uint8Array];
export type FitMessage = readonly [message: number, ...fields: FitField[]];

const encoded = ([number, type, value]: FitField): FitEncoderField => {
  const [size, baseType] = types[type];
  return { number, size: typeof value === "number" ? size : value.length, baseType, value };
};

export function fitFile(messages: readonly FitMessage[]): Buffer {
  const encoder = new FitEncoder({ protocolVersion: 0x20 });
  encoder.writeMessage(message.fileId, [encoded([0, "enum", 4]), encoded([1, "uint16", 1])]);
  for (const [number, ...fields] of messages) encoder.writeMessage(number, fields.map(encoded));
  return Buffer.from(encoder.close());
}

export const fitTime = (iso: string): number => FitEncoder.toFitTimestamp(new Date(iso));

export const zipped = (bytes: Buffer, name = "7_ACTIVITY.fit"): Buffer => zipOf([{ name, bytes }]);

/** Returns the parts that a file makes for the activity, from its bytes. */
export const filePartsOf = (key: string, body: Buffer): readonly Part[] =>
  activityFile.parts(key, activityFile.decode(body));
