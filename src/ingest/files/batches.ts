/** Joins the batches of a resource, and packs them for the way to the process. */
import type { Part, Provider, Resource } from "../../providers/provider.ts";
import { findResource } from "../../providers/resource-of.ts";
import { isGrowing, statementsIn } from "../growing/statements.ts";
import type { ReadBatch } from "./messages.ts";

/** The parts of the first batch: a few days, so that they are seen at once. Each batch may have twice as many. */
const firstParts = 60;
const mostParts = 1_000;
/** Kinds of parts whose ledger is asked. */
const mostKinds = 2_000;

export class Batches {
  readonly #provider: Provider;
  readonly #kinds = new Set<string>();
  #limit = firstParts;
  #parts: Part[] = [];
  #upTo: number;

  constructor(provider: Provider, upTo: number) {
    this.#provider = provider;
    this.#upTo = upTo;
  }

  /** Returns a batch to send when there are enough parts; else null. */
  add(parts: readonly Part[]): ReadBatch | null {
    this.#parts.push(...parts);
    this.#upTo += 1;
    if (this.#parts.length < this.#limit) return null;
    this.#limit = Math.min(this.#limit * 2, mostParts);
    return this.rest();
  }

  /** Returns what was not sent yet. */
  rest(): ReadBatch | null {
    const parts = this.#parts.splice(0);
    if (parts.length === 0) return null;
    const growing = parts.filter(({ resource }) => isGrowing(this.#provider, resource));
    return {
      upTo: this.#upTo,
      statements: statementsIn(growing),
      others: parts.filter((part) => !growing.includes(part)),
      examples: parts.flatMap((part) => this.#exampleOf(part) ?? []),
      from: earliest(growing.map((part) => dayOf(findResource(this.#provider, part.resource), part))),
    };
  }

  /** Asking the ledger of millions of items would take longer than reading them: one of each kind is enough. */
  #exampleOf(part: Part): Part | null {
    const name = `${part.resource} ${part.key.slice(part.key.indexOf("/") + 1)}`;
    const isKnown = this.#kinds.has(name) || this.#kinds.size >= mostKinds;
    if (isKnown || !isGrowing(this.#provider, part.resource)) return null;
    this.#kinds.add(name);
    const statement = part.value as { readonly samples: readonly unknown[] };
    return { ...part, value: { ...statement, samples: statement.samples.slice(0, 20) } };
  }
}

function dayOf(resource: Resource | undefined, part: Part): string | null {
  const { samples } = part.value as { readonly samples: readonly unknown[] };
  return resource?.timeOf?.({ ...part, value: samples })?.slice(0, 10) ?? null;
}

function earliest(days: readonly (string | null)[]): string | null {
  return days.reduce((least, day) => (least === null || (day !== null && day < least) ? day : least), null);
}
