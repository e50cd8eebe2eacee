/** The statements of a body about parts that grow, separated from its other parts. */
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { type GrowingSample, inOrderOfTime, type Statement } from "../../providers/kit/growing/fold.ts";
import type { Part, Provider, ResourceRef } from "../../providers/provider.ts";
import { findResource } from "../../providers/resource-of.ts";
import { samplesOf, samplesText } from "./samples-text.ts";

/** The statements of one body about one part, packed: so it passes between threads without being read on the way. */
export interface PartStatements extends ResourceRef {
  readonly statements: readonly PackedStatement[];
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

interface PackedStatement {
  readonly told: Omit<Told, "samples">;
  /** The table of the samples, in order: as JSON, and where that is long as zstd. */
  readonly samples: string | Uint8Array;
}

interface TellingPart extends ResourceRef {
  readonly statements: Told[];
}

/**
 * Joins the statements about each part. A body may say several things of one part.
 *
 * @param longest the length from which the text of samples is compressed
 */
export function statementsIn(parts: readonly Part[], longest = longText): PartStatements[] {
  const found = new Map<string, TellingPart>();
  for (const { resource, key, value } of parts) {
    const name = `${resource} ${key}`;
    const known = found.get(name);
    if (known === undefined) found.set(name, { resource, key, statements: [value as Told] });
    else known.statements.push(value as Told);
  }
  return [...found.values()].map((part) => packed(part, longest));
}

/** A list of samples is as long as three tables of them. */
const lengthsOfTable = 3;

/** The length from which JSON is compressed. Most parts are far shorter, and compressing costs them more than all else. */
const longText = 8 * 1024;

const fastest = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

function packed({ resource, key, statements }: TellingPart, longest: number): PartStatements {
  let bytes = 0;
  const packedOnes = statements.map(({ samples, ...told }): PackedStatement => {
    const json = samplesText(inOrderOfTime(samples));
    bytes += json.length * lengthsOfTable;
    return { told, samples: json.length > longest ? zstdCompressSync(Buffer.from(json), fastest) : json };
  });
  return { resource, key, statements: packedOnes, bytes };
}

/** Returns what both say of one part, in this order. */
export const joined = (one: PartStatements, other: PartStatements): PartStatements => ({
  ...one,
  statements: [...one.statements, ...other.statements],
  bytes: one.bytes + other.bytes,
});

/** Nothing said of a part. */
export const noStatements: Pick<PartStatements, "statements" | "bytes"> = { statements: [], bytes: 0 };

export interface ReadStatement extends Told {
  /** The samples as they stand in a state. */
  readonly text: string;
}

export const readStatements = ({
  statements,
}: Pick<PartStatements, "statements">): readonly ReadStatement[] =>
  statements.map(({ told, samples }) => {
    const text = typeof samples === "string" ? samples : zstdDecompressSync(samples).toString("utf8");
    return { ...told, samples: samplesOf(text), text };
  });
