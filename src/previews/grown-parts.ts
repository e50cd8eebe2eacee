/** Folds what bodies say of parts that grow, as ingest does. */
import { type PartStatements, readStatements } from "../ingest/growing/statements.ts";
import {
  type GrowingSample,
  type Grown,
  grow,
  inForce,
  nothingGrown,
} from "../providers/kit/growing/fold.ts";
import type { Part, ResourceRef } from "../providers/provider.ts";

interface Growing extends ResourceRef {
  readonly state: Grown<GrowingSample>;
}

export class GrownParts {
  readonly #growing = new Map<string, Growing>();
  #bodies = 0;
  #all: readonly Part[] | null = null;

  /** Adds what one body says. */
  add(statements: readonly PartStatements[]): void {
    this.#bodies += 1;
    this.#all = null;
    const order = this.#bodies;
    for (const about of statements) {
      const { resource, key } = about;
      const name = `${resource} ${key}`;
      const state = readStatements(about).reduce<Grown<GrowingSample>>(
        (before, statement) => grow(before, { ...statement, order }),
        this.#growing.get(name)?.state ?? nothingGrown,
      );
      this.#growing.set(name, { resource, key, state });
    }
  }

  get all(): readonly Part[] {
    this.#all ??= [...this.#growing.values()].map(({ resource, key, state }) => ({
      resource,
      key,
      value: inForce(state),
    }));
    return this.#all;
  }
}
