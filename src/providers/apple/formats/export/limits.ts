/** Limits of an export. Real exports stay far below each of them; a hostile one stops there. */
export const limits = {
  /** Files in the zip. Ten years of daily routes are four thousand. */
  zipEntries: 50_000,
  /** Bytes of all files together, unpacked. */
  unpackedBytes: 16 * 1024 ** 3,
  /** Unpacked to packed. A real export has about 30, deflate reaches 1,000. */
  ratio: 200,
  /** Files below this size, unpacked, may have any ratio. */
  ratioFromBytes: 1024 ** 2,
  /** Bytes at the beginning of a file that show what it is. */
  headBytes: 1_024,
  /** Characters before the root element: the document type is about 15,000. */
  prologChars: 1024 ** 2,
  /** Characters without the begin or end of an element. */
  quietChars: 1024 ** 2,
  /** Levels of nested elements: a workout's metadata have five. */
  depth: 16,
  /** Descendants of one element below the root. A route of ten hours, point by point, has 36,000. */
  descendants: 200_000,
  /** Faults that the parser overlooks. */
  faults: 10_000,
  /** Bytes of one route or ECG file. */
  sideFileBytes: 64 * 1024 ** 2,
  /** Types, sources and zones that are kept once for all records. */
  interned: 20_000,
  /** Characters of a type's name. */
  typeChars: 128,
} as const;

/** The instants that a record may have: an import from paper may be old, and a phone's clock may be wrong. */
export const earliestMs = Date.UTC(1900, 0, 1);
export const latestMs = Date.UTC(2100, 0, 1);
