/**
 * Finds where two versions of a record differ: paths and kinds, never values. Array items share a path
 * (`samples[].bpm`), which is counted once per record; the first occurrence is its example.
 */

/** "rewritten": the same values in another notation (their order, a number's digits). */
export type DifferenceKind = "added" | "removed" | "filled" | "emptied" | "changed" | "rewritten";

export interface Difference {
  readonly path: string;
  readonly kind: DifferenceKind;
  /** The path with its indices. */
  readonly example: string;
}

/** A provider that invents keys must not make a report as long as its bodies. */
const maxPaths = 200;
const longestPath = 200;

export function compareRecords(before: unknown, after: unknown): Difference[] {
  const found = new Map<string, Difference>();
  const note = (place: Place, kind: DifferenceKind): void => {
    const path = place.path.slice(0, longestPath);
    const name = `${kind} ${path}`;
    if (found.size >= maxPaths || found.has(name)) return;
    found.set(name, { path, kind, example: place.example.slice(0, longestPath) });
  };
  compare(before, after, { path: "", example: "" }, note);
  if (found.size === 0) note({ path: "", example: "" }, "rewritten");
  return [...found.values()];
}

interface Place {
  readonly path: string;
  readonly example: string;
}

type Note = (place: Place, kind: DifferenceKind) => void;

function compare(before: unknown, after: unknown, place: Place, note: Note): void {
  if (before === after) return;
  if (before === undefined) note(place, "added");
  else if (after === undefined) note(place, "removed");
  else if (before === null) note(place, "filled");
  else if (after === null) note(place, "emptied");
  else if (Array.isArray(before) && Array.isArray(after)) compareItems(before, after, place, note);
  else if (isObject(before) && isObject(after)) compareFields(before, after, place, note);
  else note(place, "changed");
}

function compareItems(
  before: readonly unknown[],
  after: readonly unknown[],
  { path, example }: Place,
  note: Note,
): void {
  const inside = `${path}[]`;
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    compare(before[index], after[index], { path: inside, example: `${example}[${index}]` }, note);
  }
}

type Fields = Readonly<Record<string, unknown>>;

function compareFields(before: Fields, after: Fields, { path, example }: Place, note: Note): void {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const place =
      path === "" ? { path: key, example: key } : { path: `${path}.${key}`, example: `${example}.${key}` };
    const own = (fields: Fields): unknown => (Object.hasOwn(fields, key) ? fields[key] : undefined);
    compare(own(before), own(after), place, note);
  }
}

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
