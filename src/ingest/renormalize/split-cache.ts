/** A payload is read and split once for all the records of a batch that it holds parts of. */
import { type ErrorCode, SystoleError } from "../../errors.ts";
import type { Part, Provider, ResourceRef } from "../../providers/provider.ts";
import { readRawPayload } from "../../store/raw-payloads.ts";
import type { DatabaseOrTransaction } from "../../store/tables.ts";
import type { Parsing } from "../parsing/parsing.ts";
import { StoppedError } from "../stopped.ts";

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

/** Of the bodies' text; what is made of it takes several times as much. */
const mostBytes = 16 * 1024 * 1024;

export class SplitCache {
  readonly #db: DatabaseOrTransaction;
  readonly #provider: Provider;
  readonly #environmentId: string;
  readonly #parsing: Parsing;
  /** The one that was used longest ago comes first. */
  readonly #known = new Map<string, { split: Split; bytes: number }>();
  #bytes = 0;

  constructor(db: DatabaseOrTransaction, parsing: Parsing, provider: Provider, environmentId: string) {
    this.#db = db;
    this.#parsing = parsing;
    this.#provider = provider;
    this.#environmentId = environmentId;
  }

  async of(payload: PayloadRef): Promise<Split> {
    // One body may be split in more than one way.
    const name = `${payload.rawPayloadId} ${payload.resource}`;
    const known = this.#known.get(name);
    if (known !== undefined) {
      this.#known.delete(name);
      this.#known.set(name, known);
      return known.split;
    }
    const body = await readRawPayload(this.#db, this.#environmentId, payload.rawPayloadId);
    if (body === null) return { parts: [], code: "RECORD_RAW_MISSING" };
    const split = await this.#splitAgain(payload, body);
    this.#keep(name, { split, bytes: body.length });
    return split;
  }

  async #splitAgain({ rawPayloadId, resource, resourceKey: key }: PayloadRef, body: Buffer): Promise<Split> {
    const provider = this.#provider;
    if (!provider.resources.some(({ name }) => name === resource)) {
      return { parts: [], code: "RECORD_NOT_MADE" };
    }
    try {
      const kept = { environmentId: this.#environmentId, rawPayloadId, provider, resource, key };
      const { parts, failed, refused } = await this.#parsing.split(kept, body);
      return { parts, code: (failed ?? refused)?.code ?? null };
    } catch (error) {
      if (error instanceof StoppedError) throw error;
      return { parts: [], code: error instanceof SystoleError ? error.code : "INTERNAL" };
    }
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
