/**
 * Reads a body by a strict schema, but loses only the leaves that cannot be read.
 *
 * The schema says what a readable body is, and its `.nullish()` fields say what a record can do without. A valid body
 * costs one strict parse. In any other body, each faulty leaf is repaired in a copy, which is parsed again:
 *
 * - a text in place of a number becomes the number it writes in decimal;
 * - a leaf of which a part can be read becomes that part, as its schema says by `addPartlyReadable`;
 * - any other leaf becomes null. Where null is not allowed either, the leaf is removed; where the schema requires it,
 *   its container is removed instead: an item from its list, an object from its field.
 *
 * A leaf that the schema requires at the top has no container to remove. Only such a leaf makes the body unreadable.
 */
import type { z } from "zod";
import { decimalNumber } from "./decimal.ts";
import { Edits, type Step, type Steps, valueAt } from "./edits.ts";

export interface ReadIssue {
  readonly path: Steps;
  readonly message: string;
}

export type Reading<Value> =
  | { readonly value: Value; readonly unreadable: readonly Steps[] }
  /** The reasons why nothing can be read: what is wrong and where, never the value. */
  | { readonly fatal: readonly ReadIssue[] };

type Issue = z.core.$ZodIssue;

export function readTolerantly<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): Reading<z.output<Schema>> {
  const unreadable: Steps[] = [];
  const firstWords = new Map<string, string>();
  let current = body;
  // Ends, because each round removes something from a finite body.
  for (let round = 1; ; round += 1) {
    const { data, error } = schema.safeParse(current);
    if (error === undefined) return { value: data, unreadable };
    const { edits, fatal, faults } = repairs(current, error.issues, round === 1);
    for (const { path, message } of faults) firstWords.set(path.join("."), message);
    if (fatal.length > 0) return { fatal: fatal.map((issue) => withFirstWords(issue, firstWords)) };
    for (const { path } of faults) unreadable.push(path);
    current = edits.appliedTo(current);
  }
}

/**
 * Restores the first message of each issue. When a leaf has been removed, the last message only says that it is
 * missing.
 */
function withFirstWords({ path, message }: ReadIssue, firstWords: ReadonlyMap<string, string>): ReadIssue {
  return { path, message: firstWords.get(path.join(".")) ?? message };
}

interface Repairs {
  readonly edits: Edits;
  readonly fatal: ReadIssue[];
  readonly faults: ReadIssue[];
}

function repairs(body: unknown, issues: readonly Issue[], isFirst: boolean): Repairs {
  const found: Repairs = { edits: new Edits(), fatal: [], faults: [] };
  for (const issue of issues) {
    const path = issue.path as Step[];
    const { message } = issue;
    const value = valueAt(body, path);
    // Later rounds meet leaves that an earlier one removed; those have been noted.
    const isFault = isFirst ? !isEmpty(value) : isThere(value);
    const better = betterValue(issue, value);
    if (better !== undefined) found.edits.put(path, better);
    else if (!takeOut(body, path, found.edits)) found.fatal.push({ path, message });
    if (isFault && typeof better !== "number") found.faults.push({ path, message });
  }
  return found;
}

/** Returns the readable part of a value; undefined where there is none. */
function betterValue(issue: Issue, value: unknown): unknown {
  if (issue.code === "custom") {
    const part: unknown = issue.params?.[partKey];
    return part === value ? undefined : part;
  }
  if (!isNumberWanted(issue) || typeof value !== "string") return undefined;
  return decimalNumber(value) ?? undefined;
}

/** Removes the nearest value that can be spared. Returns false when none is left. */
function takeOut(body: unknown, at: Steps, edits: Edits): boolean {
  for (let path = at; path.length > 0; path = path.slice(0, -1)) {
    const value = valueAt(body, path);
    if (value === undefined) continue;
    edits.put(path, value === null ? undefined : null);
    return true;
  }
  return false;
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

/**
 * Tells whether a value is an empty list or object. Some serialisers write one for the other; neither hides anything.
 */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

const isNumberWanted = (issue: Issue): boolean =>
  issue.code === "invalid_type" && (issue.expected === "number" || issue.expected === "int");

const partKey = "partlyReadable";

/** Adds an issue to a leaf of which a part can be read: `part` is the value that the schema accepts instead. */
export function addPartlyReadable(context: z.core.$RefinementCtx, message: string, part: string): void {
  context.addIssue({ code: "custom", message, params: { [partKey]: part } });
}
