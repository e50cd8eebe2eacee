/** Reads and splits a payload once for all the records that hold parts of it. */
import type { ErrorCode } from "../errors.ts";
import type { Part, Provider, ResourceRef } from "../providers/provider.ts";
import { findResource } from "../providers/resource-of.ts";
import type { BodyStore } from "../store/bodies/body-store.ts";
import type { ConnectionId } from "../store/connections.ts";
import { type OpenedBody, openRawPayload } from "../store/raw-payloads.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";
import type { Parsing } from "./parsing/parsing.ts";

export interface Split {
  readonly parts: readonly Part[];
  /** The reason why the payload cannot be read, or not completely; null when all of it can. */
  readonly code: ErrorCode | null;
}

export interface PayloadRef {
  readonly rawPayloadId: string;
  readonly resource: string;
  readonly resourceKey: string;
}

/** Parts that were just split, so their payload need not be read again. */
export interface FreshParts {
  readonly rawPayloadId: string;
  readonly parts: readonly Part[];
}

export interface SplitContext {
  readonly db: DatabaseOrTransaction;
  readonly bodies: BodyStore;
  readonly provider: Provider;
  readonly id: ConnectionId;
  readonly parsing: Parsing;
}

/** The length of the bodies' text; the split parts take several times as much memory. */
const maxBytes = 16 * 1024 * 1024;

export class PayloadSplits {
  readonly #context: SplitContext;
  readonly #fresh: readonly FreshParts[];
  /** The splits in the order of last use, the oldest first. */
  readonly #known = new Map<string, { split: Split; bytes: number }>();
  #bytes = 0;

  constructor(context: SplitContext, fresh: readonly FreshParts[] = []) {
    this.#context = context;
    this.#fresh = fresh;
  }

  /** @throws errors that are not the body's fault */
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
    const body = await openRawPayload(this.#context, this.#context.id, payload.rawPayloadId);
    if (body === null) return { parts: [], code: "RECORD_RAW_MISSING" };
    await using _ = Buffer.isBuffer(body) ? null : body;
    const split = await this.#split(payload, body);
    this.#keep(name, { split, bytes: Buffer.isBuffer(body) ? body.length : body.bytes });
    return split;
  }

  async #split(
    { rawPayloadId, resource, resourceKey: key }: PayloadRef,
    body: Buffer | OpenedBody,
  ): Promise<Split> {
    const { provider, id, parsing } = this.#context;
    if (findResource(provider, resource) === undefined) return { parts: [], code: "RECORD_NOT_MADE" };
    const kept = { ...id, rawPayloadId, provider, resource, key };
    const { parts, failed, refused } = await parsing.split(kept, body);
    return { parts, code: (failed ?? refused)?.code ?? null };
  }

  #keep(id: string, entry: { split: Split; bytes: number }): void {
    this.#known.set(id, entry);
    this.#bytes += entry.bytes;
    for (const [oldest, { bytes }] of this.#known) {
      if (this.#bytes <= maxBytes || oldest === id) return;
      this.#known.delete(oldest);
      this.#bytes -= bytes;
    }
  }
}

export const partIn = ({ parts }: Split, ref: ResourceRef): Part | undefined =>
  parts.find(({ resource, key }) => resource === ref.resource && key === ref.key);
