/** Declares a resource whose bodies are JSON: one item or a list of items, each of which becomes a part. */
import type { z } from "zod";
import { SystoleError } from "../../errors.ts";
import type { Ledger } from "../ledger.ts";
import { leafOf } from "../ledger-leaves.ts";
import {
  type Part,
  PartlyReadableError,
  type ProviderError,
  type ProviderRequest,
  type Resource,
  type ServedResource,
} from "../provider.ts";
import { invalidBody, unreadablePaths } from "./body-issues.ts";
import { asItIs, cleanItem, type KeyName } from "./clean-item.ts";
import { Edits } from "./edits.ts";
import { isDate } from "./iso-time.ts";
import { decodeJson } from "./json-body.ts";
import { type ReadIssue, type Reading, readTolerantly } from "./read-tolerantly.ts";

/** The fields of a declaration that go into the contract unchanged. */
type Described<Value> = Pick<
  Resource<Value>,
  | "name"
  | "ledger"
  | "discovery"
  | "scope"
  | "endsWithId"
  | "nextPage"
  | "mostPages"
  | "after"
  | "timeOf"
  | "fingerprint"
  | "followUps"
>;

export interface ResourceDeclaration<Schema extends z.ZodType> extends Described<z.output<Schema>> {
  readonly api: string;
  readonly schema: Schema;
  /** The field that holds the items. They may also come without it: as a bare list, or as a single item. */
  readonly envelope?: string;
  /** Renames a key of the body to the schema's and ledger's name; keys stay as they are when this is absent. */
  readonly keyName?: KeyName;
  /** Returns the request for a key; null when there is no such key. */
  request(key: string, providerUserId: string): ProviderRequest | null;
  /**
   * Returns the keys under which an item is stored, from the item and the key by which it was fetched; null when
   * neither gives a key.
   */
  keys(item: z.output<Schema>, askedKey: string): readonly string[] | null;
  /** Returns parts of other resources that the item also makes. */
  beside?(item: z.output<Schema>): readonly Part[];
}

/** Returns the resource. A part whose key begins with a date has that key as its time, unless `timeOf` is declared. */
export function declareResource<Schema extends z.ZodType>(
  declaration: ResourceDeclaration<Schema>,
): ServedResource<z.output<Schema>> {
  const {
    schema: _schema,
    envelope,
    keyName: _keyName,
    keys: _keys,
    beside: _beside,
    ...described
  } = declaration;
  const { name } = declaration;
  return {
    timeOf: timeOfKey,
    ...described,
    decode: (body) => decodeJson(name, body),
    request(key, providerUserId) {
      const request = declaration.request(key, providerUserId);
      if (request === null) throw new SystoleError("NOTIFICATION_BODY_INVALID", { resource: name, key });
      return request;
    },
    parts(key, body) {
      const parts = new Map<string, Part>();
      const invalidItems: ProviderError[] = [];
      const { items, isList } = itemsOf(body, envelope);
      for (const [index, item] of items.entries()) {
        const read = readItem(declaration, item, key);
        if ("fatal" in read)
          invalidItems.push(invalidBody({ resource: name, key, index }, "later", read.fatal));
        else for (const part of read.parts) parts.set(`${part.resource} ${part.key}`, part);
      }
      const [first] = invalidItems;
      if (first === undefined) return [...parts.values()];
      throw isList ? new PartlyReadableError(first, [...parts.values()]) : first;
    },
  };
}

/** Returns the key itself where it begins with a date; null otherwise. */
export const timeOfKey = ({ key }: Pick<Part, "key">): string | null =>
  isDate(key.slice(0, 10)) ? key : null;

/** Returns the items of a body. Lists come bare or in an envelope; a single item comes alone or in the envelope. */
function itemsOf(
  body: unknown,
  envelope: string | undefined,
): { items: readonly unknown[]; isList: boolean } {
  const hasEnvelope =
    envelope !== undefined && typeof body === "object" && body !== null && Object.hasOwn(body, envelope);
  const inside = hasEnvelope ? Reflect.get(body, envelope) : body;
  if (inside === null || inside === undefined) return { items: [], isList: false };
  return Array.isArray(inside) ? { items: inside, isList: true } : { items: [inside], isList: false };
}

type ItemRead = { readonly parts: readonly Part[] } | { readonly fatal: readonly ReadIssue[] };

function readItem<Schema extends z.ZodType>(
  declaration: ResourceDeclaration<Schema>,
  item: unknown,
  askedKey: string,
): ItemRead {
  const { name, ledger } = declaration;
  const read = readFields(declaration, item);
  if ("fatal" in read) return read;
  const { value } = read;
  const keptUnder = declaration.keys(value, askedKey);
  if (keptUnder === null) return { fatal: [{ path: [], message: "Nothing says where it belongs" }] };
  const noted = unreadablePaths(ledger, read.unreadable);
  const own = keptUnder.map((key) => ({ resource: name, key, value, ...noted }));
  return { parts: [...own, ...(declaration.beside?.(value) ?? [])] };
}

interface Readable<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly ledger: Ledger;
  readonly keyName?: KeyName;
}

/** Reads an item field by field. A leaf that contains something nested too deep cannot be read. */
function readFields<Schema extends z.ZodType>(
  { schema, ledger, keyName = asItIs }: Readable<Schema>,
  item: unknown,
): Reading<z.output<Schema>> {
  const { value, notFinite, tooDeep } = cleanItem(item, keyName);
  const edits = new Edits();
  const leaves = tooDeep.map((steps) => leafOf(ledger, steps));
  for (const leaf of leaves) edits.put(leaf, null);
  const read = readTolerantly(schema, leaves.length > 0 ? edits.appliedTo(value) : value);
  if ("fatal" in read) return read;
  return { value: read.value, unreadable: [...read.unreadable, ...notFinite, ...leaves] };
}
