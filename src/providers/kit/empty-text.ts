const blank = /^\s*$/;

/** Returns null for an empty text, and everything else as it is. */
export const unlessEmptyText = (value: unknown): unknown =>
  typeof value === "string" && blank.test(value) ? null : value;
