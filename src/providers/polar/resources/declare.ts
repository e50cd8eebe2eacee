/** How a resource of AccessLink is declared, and how its bodies fall into parts (POLAR-API §2, §3). */
import type { z } from "zod";
import { SystoleError } from "../../../errors.ts";
import { decodeJson } from "../../json-body.ts";
import { Edits } from "../../kit/edits.ts";
import { type ReadIssue, type Reading, readTolerantly } from "../../kit/read-tolerantly.ts";
import type { Ledger } from "../../ledger.ts";
import { leafOf, ledgerPath } from "../../ledger-leaves.ts";
import {
  type Discovery,
  type Part,
  PartlyReadableError,
  ProviderError,
  type ServedResource,
} from "../../provider.ts";
import { accesslink } from "../names.ts";
import { snakeItem } from "../schema/keys.ts";
import { isDate } from "../time.ts";

/** A list of everything Polar serves by default: 30 days of exercises, 28 of the others. No id looks like it. */
export const everything = "*";
/** The one of its kind. */
export const current = "current";

const rangeSeparator = "..";

export const rangeKey = (from: string, to: string) => `${from}${rangeSeparator}${to}`;

/** `2025-09-01..2025-09-28`, both days included. */
export function parseRange(key: string): { from: string; to: string } | null {
  const [from = "", to = "", ...rest] = key.split(rangeSeparator);
  return isDate(from) && isDate(to) && from <= to && rest.length === 0 ? { from, to } : null;
}

/** A list without parameters, or one day. */
export function listOrDay(path: string, key: string): string | null {
  if (key === everything) return path;
  return isDate(key) ? `${path}/${key}` : null;
}

/** Lists come bare or in an envelope that Polar names after what is inside; a single item comes alone. */
function itemsOf(body: unknown, envelope: string): { items: readonly unknown[]; isList: boolean } {
  const inside =
    typeof body === "object" && body !== null && Object.hasOwn(body, envelope)
      ? Reflect.get(body, envelope)
      : body;
  if (inside === null || inside === undefined) return { items: [], isList: false };
  return Array.isArray(inside) ? { items: inside, isList: true } : { items: [inside], isList: false };
}

export interface Declaration<Schema extends z.ZodType> {
  readonly name: string;
  readonly schema: Schema;
  readonly ledger: Ledger;
  readonly discovery: Discovery | null;
  readonly envelope: string;
  /** The path that fetches a key; null when there is no such key. */
  path(key: string, providerUserId: string): string | null;
  /** The keys under which one item is kept, from the item and the key it was asked by; null: nothing places it. */
  keys(item: z.output<Schema>, askedKey: string): readonly string[] | null;
  /** Parts of other resources that an item is at the same time. */
  beside?(item: z.output<Schema>): readonly Part[];
}

export function resource<Schema extends z.ZodType>(declaration: Declaration<Schema>): ServedResource {
  const { name, envelope, ledger, discovery } = declaration;
  return {
    name,
    api: accesslink,
    ledger,
    discovery,
    decode: (body) => decodeJson(name, body),
    timeOf: ({ key }) => (isDate(key.slice(0, 10)) ? key : null),
    request(key, providerUserId) {
      const path = declaration.path(key, providerUserId);
      if (path === null) throw new SystoleError("NOTIFICATION_BODY_INVALID", { resource: name, key });
      return { method: "GET", path };
    },
    parts(key, body) {
      const parts = new Map<string, Part>();
      const invalidItems: ProviderError[] = [];
      const { items, isList } = itemsOf(body, envelope);
      for (const [index, item] of items.entries()) {
        const read = readItem(declaration, item, key);
        if ("fatal" in read) invalidItems.push(invalid(name, key, index, read.fatal));
        else for (const part of read.parts) parts.set(`${part.resource} ${part.key}`, part);
      }
      const [first] = invalidItems;
      if (first === undefined) return [...parts.values()];
      throw isList ? new PartlyReadableError(first, [...parts.values()]) : first;
    },
  };
}

type ItemRead = { readonly parts: readonly Part[] } | { readonly fatal: readonly ReadIssue[] };

function readItem<Schema extends z.ZodType>(
  declaration: Declaration<Schema>,
  item: unknown,
  askedKey: string,
): ItemRead {
  const { name, ledger, keys, beside } = declaration;
  const read = readFields(declaration, item);
  if ("fatal" in read) return read;
  const { value } = read;
  const keptUnder = keys(value, askedKey);
  if (keptUnder === null) return { fatal: [{ path: [], message: "Nothing says where it belongs" }] };
  const paths = [...new Set(read.unreadable.map((steps) => ledgerPath(ledger, steps)))];
  const noted = paths.length > 0 && { unreadable: paths };
  const own = keptUnder.map((key) => ({ resource: name, key, value, ...noted }));
  return { parts: [...own, ...(beside?.(value) ?? [])] };
}

/** A leaf in which something is nested deeper than anything of Polar's cannot be read, whatever it is. */
function readFields<Schema extends z.ZodType>(
  { schema, ledger }: Pick<Declaration<Schema>, "schema" | "ledger">,
  item: unknown,
): Reading<z.output<Schema>> {
  const { value, notFinite, tooDeep } = snakeItem(item);
  const edits = new Edits();
  const leaves = tooDeep.map((steps) => leafOf(ledger, steps));
  for (const leaf of leaves) edits.put(leaf, null);
  const read = readTolerantly(schema, leaves.length > 0 ? edits.appliedTo(value) : value);
  if ("fatal" in read) return read;
  return { value: read.value, unreadable: [...read.unreadable, ...notFinite, ...leaves] };
}

/** Where and what, never the value: health data stays out of logs. */
function invalid(name: string, key: string, index: number, found: readonly ReadIssue[]): ProviderError {
  const issues = found.slice(0, 10).map(({ path, message }) => ({ path: path.join("."), message }));
  return new ProviderError("PROVIDER_BODY_INVALID", "later", { resource: name, key, index, issues });
}

/** A list that takes no dates: everything of so many days, in one call. */
export const listed = (reachDays: number, announced: boolean): Discovery => ({
  announced,
  reachDays,
  daysPerCall: reachDays,
  key: () => everything,
  index: null,
});

/** Days from and to, at most 28 a call. */
export const ranged = (reachDays: number, announced: boolean): Discovery => ({
  announced,
  reachDays,
  daysPerCall: 28,
  key: rangeKey,
  index: null,
});

/** One thing, as it is today. */
export const alone: Discovery = { ...listed(1, true), key: () => current };
