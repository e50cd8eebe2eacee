/**
 * Reads bodies safely. A large body is read in a worker thread, and every try is counted in the database
 * before it begins: a body that twice ended its worker, or the whole process, is given up.
 */
import {
  type Normalizer,
  type Part,
  type Provider,
  ProviderError,
  type RecordsRef,
  type ResourceRef,
} from "../../providers/provider.ts";
import { isKnownToThreads } from "../../providers/registry.ts";
import { resourceOf } from "../../providers/resource-of.ts";
import type { ConnectionId } from "../../store/connections.ts";
import {
  beginParsing,
  endParsing,
  type KeptBodies,
  type OpenedBody,
  readLocal,
} from "../../store/raw-payloads.ts";
import type { Store } from "../../store/store.ts";
import type { Logger } from "../../telemetry/log.ts";
import { type Arrival, type FoldedPart, type FoldInput, foldPart, recordsOf } from "../growing/fold-part.ts";
import type { PackedPart } from "../growing/state.ts";
import type { RecordText } from "../record-text.ts";
import { StoppedError } from "../stopped.ts";
import { receivedSplit, type SentSplit } from "./messages.ts";
import { normalizedText } from "./normalized-text.ts";
import { ParserDiedError, ParserPool } from "./pool.ts";
import { isSmall } from "./size.ts";
import { type SplitBody, splitBody, unreadBody } from "./split.ts";

/** The tries that may end their worker before a body is given up. */
const maxDeaths = 2;
/** The length of the parts' text from which a record is made in a worker thread. */
const largeParts = 1024 * 1024;
/** The length of states and statements that are folded in this process. */
const smallFold = 256 * 1024;

/** A stored body, and the request it answers. */
export interface KeptBody extends ResourceRef, ConnectionId {
  readonly rawPayloadId: string;
  readonly provider: Provider;
}

/** The parts of a record and its normaliser. */
export interface Making {
  readonly provider: Provider;
  readonly normalizer: Normalizer;
  readonly naturalKey: string;
  readonly parts: readonly (Part | PackedPart)[];
}

export interface ParsingDeps {
  readonly store: Pick<Store, "aside">;
  readonly log: Logger;
  readonly pool?: ParserPool;
}

export class Parsing {
  readonly #store: Pick<Store, "aside">;
  readonly #log: Logger;
  readonly #pool: ParserPool;
  /** For bodies of the body store, one at a time: they take much memory, which only the end of the thread gives back. */
  readonly #largePool = new ParserPool({ workers: 1, memoryMb: 4_096, timeMs: 300_000, restMs: 30_000 });
  readonly #running = new Map<string, Promise<SplitBody>>();

  constructor({ store, log, pool = new ParserPool() }: ParsingDeps) {
    this.#store = store;
    this.#log = log;
    this.#pool = pool;
  }

  /** Splits a small body, which may happen before it is kept; returns null for a large one. */
  splitSmall(provider: Provider, ref: ResourceRef, body: Buffer): SplitBody | null {
    const resource = resourceOf(provider, ref);
    // A provider outside the registry cannot be named to another thread.
    return isSmall(body) || !isKnownToThreads(provider) ? splitBody(resource, ref, body, provider) : null;
  }

  async split(kept: KeptBody, body: Buffer | OpenedBody): Promise<SplitBody> {
    const { provider, resource, key } = kept;
    if (Buffer.isBuffer(body) || !isKnownToThreads(provider)) {
      const bytes = Buffer.isBuffer(body) ? body : await readLocal(body);
      const small = this.splitSmall(provider, { resource, key }, bytes);
      if (small !== null) return small;
    }
    const name = `${kept.rawPayloadId} ${resource} ${key}`;
    // Two callers that want the same body at the same time share one try.
    const running = this.#running.get(name) ?? this.#splitLarge(kept, body);
    this.#running.set(name, running);
    try {
      return await running;
    } catch (error) {
      if (error instanceof ProviderError) return unreadBody(error);
      throw error;
    } finally {
      this.#running.delete(name);
    }
  }

  /** @throws ProviderError PROVIDER_BODY_UNPARSABLE when the worker died; StoppedError */
  #splitLarge(kept: KeptBody, body: Buffer | OpenedBody): Promise<SplitBody> {
    const { environmentId, userId, rawPayloadId, provider, resource, key } = kept;
    const sent = Buffer.isBuffer(body) ? body : { file: body.file, isPacked: body.isPacked };
    const task = { kind: "split", provider: provider.slug, resource, key, body: sent } as const;
    const bytes = Buffer.isBuffer(body) ? body.length : body.bytes;
    const pool = Buffer.isBuffer(body) ? this.#pool : this.#largePool;
    return this.#counted({ environmentId, userId, rawPayloadIds: [rawPayloadId] }, async (tries) => {
      if (tries > maxDeaths) throw this.#givenUp(kept, bytes, { retry: "never", reason: "given up" });
      try {
        return receivedSplit((await pool.run(task)) as SentSplit);
      } catch (error) {
        if (!(error instanceof ParserDiedError)) throw error;
        const { reason } = error;
        throw this.#givenUp(kept, bytes, { retry: tries < maxDeaths ? "later" : "never", reason });
      }
    });
  }

  /**
   * Counts a try before it begins and uncounts it unless the worker or the process died. Tries begun earlier
   * by others stay counted, so a body that is read well but kills the process that makes a record of it is
   * given up too. The caller may hold a person's lock, for which others wait with all connections of the store but those
   * aside.
   */
  async #counted<Answer>(bodies: KeptBodies, work: (tries: number) => Promise<Answer>): Promise<Answer> {
    const tries = await beginParsing(this.#store.aside, bodies);
    try {
      const answer = await work(tries);
      await endParsing(this.#store.aside, bodies);
      return answer;
    } catch (error) {
      if (error instanceof StoppedError) await endParsing(this.#store.aside, bodies);
      throw error;
    }
  }

  #givenUp(
    kept: KeptBody,
    bytes: number,
    { retry, reason }: { readonly retry: "later" | "never"; readonly reason: string },
  ): ProviderError {
    const { environmentId, rawPayloadId, provider, resource, key } = kept;
    const details = { resource, key, raw_payload_id: rawPayloadId, bytes, reason };
    this.#log.error(
      { environment_id: environmentId, provider: provider.slug, ...details, retry },
      "a body ended its parser",
    );
    return new ProviderError("PROVIDER_BODY_UNPARSABLE", retry, details);
  }

  /**
   * Makes a record of parts and its text, in a worker thread if they are large. Returns null when the parts make none.
   * @throws ProviderError when that thread died
   */
  async normalize(
    { provider, normalizer, naturalKey, parts }: Making,
    bodies: KeptBodies,
  ): Promise<RecordText | null> {
    const index = provider.normalizers.indexOf(normalizer);
    const isKnown = isKnownToThreads(provider) && index >= 0;
    if (!isKnown || !isLarge(parts)) return normalizedText(normalizer, parts, naturalKey);
    const [first] = parts;
    const unparsable = (reason: string) =>
      new ProviderError("PROVIDER_BODY_UNPARSABLE", "never", {
        resource: first?.resource,
        key: first?.key,
        reason,
      });
    return this.#counted(bodies, async (tries) => {
      if (tries > maxDeaths) throw unparsable("given up");
      const task = {
        kind: "normalize",
        provider: provider.slug,
        normalizer: index,
        naturalKey,
        parts,
      } as const;
      const text = this.#pool.run(task).catch((error: unknown) => {
        throw error instanceof ParserDiedError ? unparsable(error.reason) : error;
      });
      return (await text) as RecordText | null;
    });
  }

  /** Folds statements into parts that grow, in a worker thread if they are large. */
  async grow(provider: Provider, arrival: Arrival, inputs: readonly FoldInput[]): Promise<FoldedPart[]> {
    const lengths = inputs.map(({ before, bytes }) => unpackedBytes(before) + bytes);
    if (!isKnownToThreads(provider) || sumOf(lengths) <= smallFold) {
      return inputs.map((input) => foldPart(provider, arrival, input));
    }
    const task = { kind: "grow", provider: provider.slug, arrival, inputs } as const;
    const folded = (await this.#pool.run(task)) as readonly FoldedPart[];
    return folded.map((part) => ({
      ...part,
      state: bufferOf(part.state),
      contentHash: bufferOf(part.contentHash),
    }));
  }

  /** Returns the records that parts belong to, by the items that are in force. */
  async affectedBy(provider: Provider, parts: readonly PackedPart[]): Promise<readonly RecordsRef[]> {
    const bytes = sumOf(parts.map(({ state }) => unpackedBytes(state)));
    if (!isKnownToThreads(provider) || bytes <= smallFold) return recordsOf(provider, parts);
    return (await this.#pool.run({ kind: "affect", provider: provider.slug, parts })) as RecordsRef[];
  }

  /** Stops all reading without counting the tries; the next process reads those bodies from the beginning. */
  async close(): Promise<void> {
    await Promise.all([this.#pool.close(), this.#largePool.close()]);
  }
}

/** A threads' message comes as a plain array of bytes. */
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);

/** Samples are much alike: as tables and zstd, their states become a twentieth. */
const unpackedBytes = (state: Uint8Array | null): number => (state?.length ?? 0) * 20;

/** Whether the parts are large. Counting up to the limit costs little; the weights are roughly the lengths as JSON. */
function isLarge(parts: readonly (Part | PackedPart)[]): boolean {
  let length = sumOf(parts.map((part) => ("state" in part ? unpackedBytes(part.state) : 0)));
  const open: unknown[] = parts.map((part) => ("state" in part ? null : part.value));
  while (open.length > 0 && length <= largeParts) {
    const next = open.pop();
    length += typeof next === "string" ? next.length : 8;
    if (typeof next === "object" && next !== null) for (const item of Object.values(next)) open.push(item);
  }
  return length > largeParts;
}
