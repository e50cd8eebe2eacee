/**
 * Newest wins, for documents. A store looks at what stands and writes in one operation; where a writer in another
 * process comes in between, the operation fails, and the document is tried again in the next round. A document that
 * the store refuses for its shape is tried in its text form.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { DeliveryError } from "../../destination.ts";
import { failure } from "../failure.ts";
import type { Entry } from "./entries.ts";
import type { Fields } from "./exact-json.ts";
import { documentOf, type Form } from "./forms.ts";

/** A document that is still to be written. `step` is the store's: which of its names or operations is next. */
export interface Pending<Document, Step> {
  readonly entry: Entry;
  readonly form: Form;
  readonly document: Document;
  readonly step: Step;
}

/**
 * "written": it is written, or something newer stands. `next`: to be tried again, with this step. `refused`: the
 * store does not take the document in this form.
 */
export type WriteResult<Step> =
  | "written"
  | { readonly next: Step }
  | { readonly refused: DeliveryError }
  | DeliveryError;

export interface NewestStore<Document, Step> {
  /** Makes the store's document of the fields. @throws Unfit */
  encode(fields: Fields, entry: Entry): Document;
  firstStep(entry: Entry): Step;
  /** Tries each once, and returns the results in the same order. An error that is thrown is that of each. */
  attempt(
    pending: readonly Pending<Document, Step>[],
    signal: AbortSignal,
  ): Promise<readonly WriteResult<Step>[]>;
  failureOf(thrown: unknown): DeliveryError;
}

/** Failures of entries that were not written: all others are, or something newer stands. */
export type Failures = ReadonlyMap<Entry, DeliveryError>;

/** Rounds in which others may come in between before the delivery is put off. */
const rounds = 20;
/** Writers that met each other do not meet again at once. */
const pauseMs = 25;

export const writeNewest = <Document, Step>(
  store: NewestStore<Document, Step>,
  entries: readonly Entry[],
  signal: AbortSignal,
): Promise<Failures> => new Writing(store, signal).write(entries);

class Writing<Document, Step> {
  readonly #store: NewestStore<Document, Step>;
  readonly #signal: AbortSignal;
  readonly #failures = new Map<Entry, DeliveryError>();

  constructor(store: NewestStore<Document, Step>, signal: AbortSignal) {
    this.#store = store;
    this.#signal = signal;
  }

  async write(entries: readonly Entry[]): Promise<Failures> {
    const drafts = entries.map((entry) => this.#draft(entry, "whole", this.#store.firstStep(entry)));
    let open = (await Promise.all(drafts)).flat();
    for (let round = 0; open.length > 0 && round < rounds; round++) {
      if (round > 1) await pause(Math.random() * pauseMs * round, undefined, { signal: this.#signal });
      const results = await this.#attempt(open);
      const left = open.map((pending, index) => this.#afterwards(pending, results[index] ?? unanswered));
      open = (await Promise.all(left)).flat();
    }
    for (const { entry } of open) this.#failures.set(entry, putOff);
    return this.#failures;
  }

  /** The document in this form; none where it cannot be made. */
  async #draft(entry: Entry, form: Form, step: Step): Promise<Pending<Document, Step>[]> {
    const encode = (fields: Fields): Document => this.#store.encode(fields, entry);
    try {
      return [{ entry, form, document: await documentOf(entry, encode, this.#signal, form), step }];
    } catch (thrown) {
      this.#failures.set(entry, this.#store.failureOf(thrown));
      return [];
    }
  }

  async #attempt(open: readonly Pending<Document, Step>[]): Promise<readonly WriteResult<Step>[]> {
    try {
      return await this.#store.attempt(open, this.#signal);
    } catch (thrown) {
      const failed = this.#store.failureOf(thrown);
      return open.map(() => failed);
    }
  }

  /** The document as it is to be tried in the next round; none where it is written or has failed. */
  async #afterwards(
    pending: Pending<Document, Step>,
    result: WriteResult<Step>,
  ): Promise<Pending<Document, Step>[]> {
    const { entry, form, step } = pending;
    if (result === "written") return [];
    if ("next" in result) return [{ ...pending, step: result.next }];
    if ("refused" in result && form === "whole") return this.#draft(entry, "text", step);
    this.#failures.set(entry, "refused" in result ? result.refused : result);
    return [];
  }
}

const unanswered = failure("DELIVERY_FAILED", "the store did not answer for the document");
const putOff = failure("DELIVERY_FAILED", "others kept writing the same documents");
