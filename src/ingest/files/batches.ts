/** Joins the batches of a resource, and packs them for the way to the process. */
import type { Part, Provider, Resource } from "../../providers/provider.ts";
import { findResource } from "../../providers/resource-of.ts";
import { isGrowing, joined, type PartStatements, statementsIn } from "../growing/statements.ts";
import type { ReadBatch } from "./messages.ts";

/** The parts of the first batch: a few days, so that they are seen at once. Each batch may have twice as many. */
const firstParts = 60;
const mostParts = 1_000;
/** The bytes of a batch, as its parts count them, and of samples that are compressed: a third of that is their text. */
const mostBytes = 24 * 1024 * 1024;
const longText = 1024 * 1024;
/** Kinds of parts whose ledger is asked. */
const mostKinds = 2_000;

export class Batches {
  readonly #provider: Provider;
  readonly #kinds = new Set<string>();
  #limit = firstParts;
  /** Packed at once: as objects, a thousand parts would take a hundred megabytes. */
  #statements = new Map<string, PartStatements>();
  #others: Part[] = [];
  #examples: Part[] = [];
  #from: string | null = null;
  #upTo: number;
  #bytes = 0;

  constructor(provider: Provider, upTo: number) {
    this.#provider = provider;
    this.#upTo = upTo;
  }

  /** Returns a batch to send when there are enough parts; else null. */
  add(parts: readonly Part[]): ReadBatch | null {
    const growing = parts.filter(({ resource }) => isGrowing(this.#provider, resource));
    for (const part of statementsIn(growing, longText)) this.#pack(part);
    this.#others.push(...parts.filter(({ resource }) => !isGrowing(this.#provider, resource)));
    this.#examples.push(...growing.flatMap((part) => this.#exampleOf(part) ?? []));
    const days = growing.map((part) => dayOf(findResource(this.#provider, part.resource), part));
    this.#from = earliest([this.#from, ...days]);
    this.#upTo += 1;
    if (this.#statements.size + this.#others.length < this.#limit && this.#bytes < mostBytes) return null;
    this.#limit = Math.min(this.#limit * 2, mostParts);
    return this.rest();
  }

  /** Returns what was not sent yet. */
  rest(): ReadBatch | null {
    const [statements, others, examples] = [[...this.#statements.values()], this.#others, this.#examples];
    if (statements.length + others.length === 0) return null;
    const batch = { upTo: this.#upTo, statements, others, examples, from: this.#from };
    this.#statements = new Map();
    this.#bytes = 0;
    [this.#others, this.#examples, this.#from] = [[], [], null];
    return batch;
  }

  /** A day that does not fit into memory is told in pieces. */
  #pack(part: PartStatements): void {
    const name = `${part.resource} ${part.key}`;
    const known = this.#statements.get(name);
    this.#bytes += part.bytes;
    this.#statements.set(name, known === undefined ? part : joined(known, part));
  }

  /** Asking the ledger of millions of items would take longer than reading them: one of each kind is enough. */
  #exampleOf(part: Part): Part | null {
    const name = `${part.resource} ${part.key.slice(part.key.indexOf("/") + 1)}`;
    if (this.#kinds.has(name) || this.#kinds.size >= mostKinds) return null;
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
