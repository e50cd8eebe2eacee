const blank = /^\s*$/;

/** Null for a text that says nothing; everything else as it is. */
export const unlessEmptyText = (value: unknown): unknown =>
  typeof value === "string" && blank.test(value) ? null : value;
