/** The statements of a body about parts that grow, separated from its other parts. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { GrowingSample, Statement } from "../../providers/kit/growing/fold.ts";
import type { Part, Provider, ResourceRef } from "../../providers/provider.ts";
import { findResource } from "../../providers/resource-of.ts";
import { itemsOf, type Listed, tableOf } from "./table.ts";

/** The statements of one body about one part, packed: so it passes between threads without being read on the way. */
export interface PartStatements extends ResourceRef {
  /** A list of statements with tables of their samples: as JSON, and where that is long as zstd. */
  readonly statements: string | Uint8Array;
  /** The length of the JSON without tables, roughly. */
  readonly bytes: number;
}

type WithResources = Pick<Provider, "resources">;

export const isGrowing = (provider: WithResources, resource: string): boolean =>
  findResource(provider, resource)?.growing !== undefined;

/** Whether any part of the provider grows. */
export const hasGrowing = ({ resources }: WithResources): boolean =>
  resources.some(({ growing }) => growing !== undefined);

type Told = Statement<GrowingSample>;

interface TellingPart extends ResourceRef {
  readonly statements: Told[];
}

/** Joins the statements about each part. A body may say several things of one part. */
export function statementsIn(parts: readonly Part[]): PartStatements[] {
  const found = new Map<string, TellingPart>();
  for (const { resource, key, value } of parts) {
    const name = `${resource} ${key}`;
    const known = found.get(name);
    if (known === undefined) found.set(name, { resource, key, statements: [value as Told] });
    else known.statements.push(value as Told);
  }
  return [...found.values()].map(packed);
}

/** A list of samples is as long as three tables of them. */
const lengthsOfTable = 3;

/** The length from which JSON is compressed. Most parts are far shorter, and compressing costs them more than all else. */
const longText = 8 * 1024;

const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

function packed({ resource, key, statements }: TellingPart): PartStatements {
  const tables = statements.map((one) => ({ ...one, samples: tableOf(one.samples) }));
  const json = JSON.stringify(tables);
  const isLong = json.length > longText;
  const packed = isLong ? zstdCompressSync(Buffer.from(json), fastest) : json;
  return { resource, key, statements: packed, bytes: json.length * lengthsOfTable };
}

/** Returns what both say of one part, in this order. */
export const joined = (one: PartStatements, other: PartStatements): PartStatements =>
  packed({ ...one, statements: [...readStatements(one), ...readStatements(other)] });

/** Nothing said of a part. */
export const noStatements: Pick<PartStatements, "statements" | "bytes"> = {
  statements: "[]",
  bytes: 2,
};

type Packed = Omit<Told, "samples"> & { readonly samples: Listed<GrowingSample> };

export const readStatements = ({ statements }: Pick<PartStatements, "statements">): readonly Told[] =>
  (JSON.parse(textOf(statements)) as Packed[]).map((one) => ({ ...one, samples: itemsOf(one.samples) }));

const textOf = (statements: string | Uint8Array): string =>
  typeof statements === "string" ? statements : zstdDecompressSync(statements).toString("utf8");
