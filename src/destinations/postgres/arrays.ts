/**
 * Columns of values as PostgreSQL's binary arrays: a statement has one parameter for each column, for any number of
 * rows, and text needs no quoting.
 */
import type { Value } from "../kit/sql/tables.ts";

/** Object ids of the element types, the same in every PostgreSQL. */
const elementTypes = { text: 25, json: 114 } as const;
export type ElementType = keyof typeof elementTypes;

const headerBytes = 20;
const nothing = -1;

export function binaryArray(type: ElementType, values: readonly Value[]): Buffer {
  const elements = values.map(textOf);
  const lengths = elements.map(byteLength);
  const bytes = lengths.reduce((sum, length) => sum + 4 + Math.max(length, 0), headerBytes);
  const array = Buffer.allocUnsafe(bytes);
  let at = writeHeader(array, type, values.length, lengths.includes(nothing));
  elements.forEach((element, index) => {
    at = array.writeInt32BE(lengths[index] as number, at);
    if (element !== null) at += put(element, array, at);
  });
  return array;
}

/** Replaces NUL, which PostgreSQL's text cannot hold, by its symbol. */
export const visibleNul = "\u2400";

function textOf(value: Value): string | Buffer | null {
  if (value === null || Buffer.isBuffer(value)) return value;
  const text = String(value);
  return text.includes("\0") ? text.replaceAll("\0", visibleNul) : text;
}

function byteLength(element: string | Buffer | null): number {
  return element === null ? nothing : Buffer.byteLength(element);
}

const put = (element: string | Buffer, array: Buffer, at: number): number =>
  Buffer.isBuffer(element) ? element.copy(array, at) : array.write(element, at);

/** The header of an array with one dimension, counted from 1. */
function writeHeader(array: Buffer, type: ElementType, count: number, hasNulls: boolean): number {
  const header = [1, hasNulls ? 1 : 0, elementTypes[type], count, 1];
  return header.reduce((at, number) => array.writeInt32BE(number, at), 0);
}
