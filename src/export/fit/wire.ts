/** Converts values to the fields of a FIT message. A value that the field cannot hold is no field at all. */
import type { FitEncoderField } from "fit-file-parser";
import { type FieldSpec, FLOAT32, STRING } from "./profile.ts";

/** A value in the profile's unit. In a list, null is the base type's "invalid". */
export type FitValue = number | string | readonly (number | null)[];

const mostBytes = 255;

/** Returns the raw number; null for what the base type cannot hold: NaN, out of range, or its own "invalid". */
export function rawOf({ base, scale, offset }: FieldSpec, value: number): number | null {
  if (base === FLOAT32) return Number.isFinite(Math.fround(value)) ? value : null;
  // Adding zero makes −0 a 0.
  const raw = Math.round((value + offset) * scale) + 0;
  return raw >= base.least && raw <= base.greatest ? raw : null;
}

/** Returns the field, or null when it cannot hold the value. */
export function encodeField(spec: FieldSpec, value: FitValue): FitEncoderField | null {
  if (typeof value === "string") return stringField(spec, value);
  if (Array.isArray(value)) return listField(spec, value);
  const raw = typeof value === "number" ? rawOf(spec, value) : null;
  if (raw === null) return null;
  return { number: spec.number, size: spec.base.size, baseType: spec.base.code, value: raw };
}

/** A FIT string has at most 254 bytes, and a zero byte ends it. */
function stringField({ number, base }: FieldSpec, text: string): FitEncoderField | null {
  const bytes = Buffer.from(`${text}\0`, "utf8");
  if (base !== STRING || text === "" || text.includes("\0") || bytes.length > mostBytes) return null;
  return { number, size: bytes.length, baseType: base.code, value: new Uint8Array(bytes) };
}

function listField(spec: FieldSpec, values: readonly (number | null)[]): FitEncoderField | null {
  const { base, number } = spec;
  const raws = values.map((value) => (value === null ? base.greatest + 1 : rawOf(spec, value)));
  const size = raws.length * base.size;
  if (raws.length === 0 || size > mostBytes || raws.includes(null)) return null;
  const bytes = Buffer.alloc(size);
  for (const [index, raw] of raws.entries()) bytes.writeUIntLE(raw ?? 0, index * base.size, base.size);
  return { number, size, baseType: base.code, value: new Uint8Array(bytes) };
}
