/** A payload is read and split once for all the records that hold parts of it. */
import type { ErrorCode } from "../errors.ts";
import type { Part, Provider, ResourceRef } from "../providers/provider.ts";
import { readRawPayload } from "../store/raw-payloads.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";
import type { Parsing } from "./parsing/parsing.ts";

export interface Split {
  readonly parts: readonly Part[];
  /** Why nothing, or not everything, can be read; null when all can. */
  readonly code: ErrorCode | null;
}

export interface PayloadRef {
  readonly rawPayloadId: string;
  readonly resource: string;
  readonly resourceKey: string;
}

/** Parts that were just split, so that their payload need not be read. */
export interface FreshParts {
  readonly rawPayloadId: string;
  readonly parts: readonly Part[];
}

export interface SplitContext {
  readonly db: DatabaseOrTransaction;
  readonly provider: Provider;
  readonly environmentId: string;
  readonly parsing: Parsing;
}

/** Of the bodies' text; what is made of it takes several times as much. */
const mostBytes = 16 * 1024 * 1024;

export class PayloadSplits {
  readonly #context: SplitContext;
  readonly #fresh: readonly FreshParts[];
  /** The one that was used longest ago comes first. */
  readonly #known = new Map<string, { split: Split; bytes: number }>();
  #bytes = 0;

  constructor(context: SplitContext, fresh: readonly FreshParts[] = []) {
    this.#context = context;
    this.#fresh = fresh;
  }

  /** @throws what is no fault of the body */
  async of(payload: PayloadRef): Promise<Split> {
    const fresh = this.#fresh.find(({ rawPayloadId }) => rawPayloadId === payload.rawPayloadId);
    if (fresh !== undefined) return { parts: fresh.parts, code: null };
    // One body may be split in more than one way.
    const name = `${payload.rawPayloadId} ${payload.resource}`;
    const known = this.#known.get(name);
    if (known !== undefined) {
      this.#known.delete(name);
      this.#known.set(name, known);
      return known.split;
    }
    const { db, environmentId } = this.#context;
    const body = await readRawPayload(db, environmentId, payload.rawPayloadId);
    if (body === null) return { parts: [], code: "RECORD_RAW_MISSING" };
    const split = await this.#split(payload, body);
    this.#keep(name, { split, bytes: body.length });
    return split;
  }

  async #split({ rawPayloadId, resource, resourceKey: key }: PayloadRef, body: Buffer): Promise<Split> {
    const { provider, environmentId, parsing } = this.#context;
    if (!provider.resources.some(({ name }) => name === resource)) {
      return { parts: [], code: "RECORD_NOT_MADE" };
    }
    const kept = { environmentId, rawPayloadId, provider, resource, key };
    const { parts, failed, refused } = await parsing.split(kept, body);
    return { parts, code: (failed ?? refused)?.code ?? null };
  }

  #keep(id: string, entry: { split: Split; bytes: number }): void {
    this.#known.set(id, entry);
    this.#bytes += entry.bytes;
    for (const [oldest, { bytes }] of this.#known) {
      if (this.#bytes <= mostBytes || oldest === id) return;
      this.#known.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}

export const partIn = ({ parts }: Split, ref: ResourceRef): Part | undefined =>
  parts.find(({ resource, key }) => resource === ref.resource && key === ref.key);
