/**
 * Views that show the declared keys of `provider_data` as columns: one for each data type and provider, and one
 * for each list in it, of which a row is an item. A list within an item stays JSON.
 */
import { type DataType, type ProviderKey, providerKeys } from "../../../../models/index.ts";
import type { Table } from "../tables.ts";
import type { View, ViewColumn } from "../views.ts";
import { Names } from "./names.ts";

/** The record's own columns that a view shows, where it has them. */
const kept = ["record_id", "user_id", "revision", "start_time", "start_time_local"];

interface Placed extends ProviderKey {
  /** The path of the list that it is in; null where it is in none. */
  readonly list: readonly string[] | null;
  /** Within the list's item or, without a list, within the JSON. */
  readonly within: readonly string[];
}

export function providerViews(
  tableOf: ReadonlyMap<DataType, Table>,
  keys: readonly ProviderKey[] = providerKeys,
): View[] {
  const names = new Names([...tableOf.values()].map(({ name }) => name));
  const groups = Map.groupBy(keys.map(placed), ({ type, provider, list }) =>
    JSON.stringify([type, provider, list]),
  );
  return [...groups.values()].flatMap((group) => {
    const [{ type, provider, list } = group[0] as Placed] = group;
    const table = tableOf.get(type);
    if (table === undefined) return [];
    const name = names.claim([table.name, provider, ...(list ?? []).slice(1)].map(word).join("_"));
    return [viewOf(name, table, group)];
  });
}

function viewOf(name: string, table: Table, keys: readonly Placed[]): View {
  const list = keys[0]?.list ?? null;
  const there = kept.filter((column) => table.columns.some((one) => one.name === column));
  const names = new Names([...there, "position"]);
  const byPath = Map.groupBy(keys, ({ within }) => JSON.stringify(within));
  const columns = [...byPath.values()].map((same): ViewColumn => {
    const [{ within, kind }] = same as [Placed];
    // The view's name has the provider's slug already.
    const spoken = list === null ? within.slice(1) : within;
    return { name: names.claim(spoken.map(word).join("_")), path: within, kind, comment: commentOf(same) };
  });
  return { name, table, kept: there, json: "provider_data", list, columns };
}

const word = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "_");

/** Several leaves are one column where items of several kinds have it, or where they lie in a list within it. */
function commentOf(keys: readonly Placed[]): string {
  const [first, ...others] = keys as [Placed, ...Placed[]];
  if (others.length === 0) return first.what;
  return keys.map(({ path, what }) => `${path}: ${what}`).join("; ");
}

function placed(key: ProviderKey): Placed {
  const { provider, resource, several, path } = key;
  // A map's keys are data: it stays JSON.
  const [fixed = "", inMap] = path.split("{}");
  const steps = [resource, ...(several ? ["[]"] : []), ...(fixed.match(/[^.[\]]+|\[[^\]]*\]/g) ?? [])];
  const [outer, ...others] = atLists(steps);
  const whole = [provider, ...(outer ?? [])];
  const [within = null] = others;
  const kind = others.length > 1 || inMap !== undefined ? "json" : key.kind;
  return within === null
    ? { ...key, kind, list: null, within: whole }
    : { ...key, kind, list: whole, within };
}

/** Splits a path at its list. */
function atLists(steps: readonly string[]): string[][] {
  return steps.reduce<string[][]>(
    (parts, step) => {
      if (step.startsWith("[")) parts.push([]);
      else parts.at(-1)?.push(step);
      return parts;
    },
    [[]],
  );
}
