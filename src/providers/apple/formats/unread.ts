/**
 * The leaves of a body that its reader does not know, or could not read. They become one part of the body's own
 * resource, so that they are counted and shown as those of any other body; what could be read is in other parts.
 */
import type { Ledger } from "../../ledger.ts";
import { unknownLeaves } from "../../ledger-leaves.ts";
import { stepsOf } from "../../ledger-tree.ts";
import type { Part } from "../../provider.ts";

/** A body may have a million invented names. */
const most = 200;

/** The key of that part; the newest body's is kept. */
export const unreadKey = "unread";

export class Unread {
  readonly #paths = new Set<string>();

  /** Notes a leaf that could not be read, by its path in the body. */
  note(path: string): void {
    if (this.#paths.size < most) this.#paths.add(path);
  }

  /** Returns the part: its value has the leaves that the ledger does not know, and no values. */
  part(resource: string, ledger: Ledger, body: unknown): Part {
    const value = bodyWith(unknownLeaves(ledger, body, most));
    return { resource, key: unreadKey, value, unreadable: [...this.#paths].toSorted() };
  }
}

/** Returns a body with these leaves, all of them null. */
export function bodyWith(paths: readonly string[]): unknown {
  return paths.reduce<unknown>((body, path) => withLeaf(body, stepsOf(path)), {});
}

const kindPattern = /^\[([^=]+)=(.+)\]$/;

function withLeaf(body: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return body ?? null;
  if (!step.startsWith("[")) {
    const fields: Readonly<Record<string, unknown>> = isFields(body) ? body : {};
    const field = step === "{}" ? "0" : step;
    return { ...fields, [field]: withLeaf(Object.hasOwn(fields, field) ? fields[field] : undefined, rest) };
  }
  const items: readonly unknown[] = Array.isArray(body) ? body : [];
  const [, field, kind] = kindPattern.exec(step) ?? [];
  const start = field === undefined ? undefined : { [field]: kind };
  return [...items, withLeaf(start, rest)];
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
