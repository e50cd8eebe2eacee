/**
 * Reads a body by a strict schema and yet loses no more of it than what cannot be read.
 *
 * The schema says what a readable body is, and by what may be missing (`.nullish()`) what a record can do without.
 * A body that is valid costs one strict parse. In any other, each leaf that is at fault is put right in a copy, which
 * is parsed again:
 *
 * - a text in place of a number is the number it writes in decimal;
 * - a leaf of which a part can be read is that part, as its schema says by `addPartlyReadable`;
 * - any other leaf is null. Where null is no value either, it is taken out; where that does not help, since the schema
 *   asks for it, what it is in goes in its place: an item out of its list, an object out of its field.
 *
 * A leaf that the schema asks for at the top has nothing to go in its place, and is the only kind that is fatal.
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
  /** Why nothing can be read: what is wrong where, never the value. */
  | { readonly fatal: readonly ReadIssue[] };

type Issue = z.core.$ZodIssue;

export function readTolerantly<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): Reading<z.output<Schema>> {
  const unreadable: Steps[] = [];
  const firstWords = new Map<string, string>();
  let current = body;
  // Each round takes something out of a body that has an end.
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

/** By the time that nothing can be done about a leaf it is missing, which was not what was wrong with it. */
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
    // Later rounds come upon what an earlier one took out, which has been noted.
    const isFault = isFirst ? !isEmpty(value) : isThere(value);
    const better = betterValue(issue, value);
    if (better !== undefined) found.edits.put(path, better);
    else if (!takeOut(body, path, found.edits)) found.fatal.push({ path, message });
    if (isFault && typeof better !== "number") found.faults.push({ path, message });
  }
  return found;
}

/** Undefined where nothing of the value can be read. */
function betterValue(issue: Issue, value: unknown): unknown {
  if (issue.code === "custom") {
    const part: unknown = issue.params?.[partKey];
    return part === value ? undefined : part;
  }
  if (!isNumberWanted(issue) || typeof value !== "string") return undefined;
  return decimalNumber(value) ?? undefined;
}

/** False when nothing is left that could be done without. */
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

/** Some serialisers write an empty object as a list, or the other way round: it says nothing, and hides nothing. */
function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

const isNumberWanted = (issue: Issue): boolean =>
  issue.code === "invalid_type" && (issue.expected === "number" || issue.expected === "int");

const partKey = "partlyReadable";

/** For the schema of a leaf of which a part can be read: `part` is what the schema takes in its place. */
export function addPartlyReadable(context: z.core.$RefinementCtx, message: string, part: string): void {
  context.addIssue({ code: "custom", message, params: { [partKey]: part } });
}
