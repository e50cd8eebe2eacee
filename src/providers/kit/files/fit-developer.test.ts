/** Apps' fields in FIT files, byte by byte as the FIT protocol describes them: the encoder cannot write them. */
import { FitEncoder } from "fit-file-parser";
import { describe, expect, it } from "vitest";
import { ProviderError } from "../../provider.ts";
import { decodeFit } from "./fit-file.ts";

const [u8, u16, u32, text] = [0x02, 0x84, 0x86, 0x07];
type Field = readonly [number: number, size: number, type: number];

/** Defines the messages of a local number. Fields of apps: their number, size, and the app's index. */
function definition(
  local: number,
  message: number,
  fields: readonly Field[],
  apps: readonly Field[] = [],
): Buffer {
  const header = 0x40 | (apps.length > 0 ? 0x20 : 0) | local;
  const head = [header, 0, 0, message & 0xff, message >> 8, fields.length, ...fields.flat()];
  return Buffer.from(apps.length > 0 ? [...head, apps.length, ...apps.flat()] : head);
}

const long = (value: number): number[] => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff);
const padded = (name: string, size: number): number[] => [...Buffer.from(name.padEnd(size, "\0"))];

function fit(...pieces: readonly (Buffer | readonly number[])[]): Buffer {
  const data = Buffer.concat(pieces.map((piece) => Buffer.from(piece)));
  const header = Buffer.from([14, 0x20, 0, 0, ...long(data.length), ...Buffer.from(".FIT"), 0, 0]);
  const whole = Buffer.concat([header, data]);
  const checksum = FitEncoder.calculateCRC(whole);
  return Buffer.concat([whole, Buffer.from([checksum & 0xff, checksum >> 8])]);
}

const time = FitEncoder.toFitTimestamp(new Date("2025-06-14T07:00:00Z"));
const fileId = [definition(0, 0, [[0, 1, 0]]), [0, 4]] as const;
/** Describes a field of app 0. */
const describes = (number: number, name: string, type: number) =>
  [
    definition(1, 206, [
      [0, 1, u8],
      [1, 1, u8],
      [2, 1, u8],
      [3, 16, text],
    ]),
    [1, 0, number, type, ...padded(name, 16)],
  ] as const;

const record = (fields: readonly Field[], apps: readonly Field[], values: readonly number[]) =>
  [definition(2, 20, fields, apps), [2, ...values]] as const;
const timeAndPulse: readonly Field[] = [
  [253, 4, u32],
  [3, 1, u8],
];

describe("fields of apps in a FIT file", () => {
  const file = fit(
    ...fileId,
    ...describes(0, "heart_rate", u8),
    ...describes(1, "Power", u16),
    ...record(
      timeAndPulse,
      [
        [0, 1, 0],
        [1, 2, 0],
      ],
      [...long(time), 120, 77, 0x2c, 1],
    ),
  );

  it("stand apart, under their own names, and replace none of the profile", () => {
    const read = decodeFit("file", file, { developerApart: true });
    expect(read.record).toEqual([
      { timestamp: "2025-06-14T07:00:00.000Z", heart_rate: 120, developer: { heart_rate: 77, Power: 300 } },
    ]);
    expect(read.field_description).toMatchObject([{ field_name: "heart_rate" }, { field_name: "Power" }]);
  });

  it("stand beside the others where nobody asks for more", () => {
    expect(decodeFit("file", file).record).toMatchObject([{ heart_rate: 77, Power: 300 }]);
  });

  it("may have names that objects have", () => {
    const named = fit(
      ...fileId,
      ...describes(0, "__proto__", u8),
      ...record(timeAndPulse, [[0, 1, 0]], [...long(time), 120, 77]),
    );
    const [message] = decodeFit("file", named, { developerApart: true }).record ?? [];
    expect(message).toMatchObject({ heart_rate: 120 });
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
    expect(Object.keys((message as { developer: object }).developer)).toEqual(["__proto__"]);
  });

  it("do not hide damage: a file with a wrong checksum is refused", () => {
    const damaged = Buffer.from(file);
    damaged[40] = (damaged[40] ?? 0) ^ 1;
    expect(() => decodeFit("file", damaged, { developerApart: true })).toThrow(ProviderError);
  });
});
