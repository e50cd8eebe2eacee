/** Folds whole bodies, as ingest does, and returns the items in force. */
import {
  type Addition,
  type GrowingSample,
  type Grown,
  grow,
  inForce,
  nothingGrown,
} from "../../../kit/growing/fold.ts";
import type { Part, Resource } from "../../../provider.ts";
import type { Growing, GrowingResource } from "../../healthkit/growing-parts.ts";

export interface Arrived {
  readonly resource: Resource;
  readonly key?: string;
  readonly body: unknown;
}

export class Folded {
  readonly #parts = new Map<string, Grown<GrowingSample>>();
  /** The leaves of the last body that could not be read, or are unknown. */
  unread: Part | undefined;

  /** @param bodies in the order of arrival */
  constructor(...bodies: readonly Arrived[]) {
    for (const [order, { resource, key = "body", body }] of bodies.entries()) {
      for (const part of resource.parts(key, body)) {
        if (part.resource === resource.name) this.unread = part;
        else this.#add(part, order + 1);
      }
    }
  }

  #add({ resource, key, value }: Part, order: number): void {
    const at = `${resource} ${key}`;
    const addition = { ...(value as Omit<Addition<GrowingSample>, "order">), order };
    this.#parts.set(at, grow(this.#parts.get(at) ?? nothingGrown, addition));
  }

  /** Returns the parts as normalisers get them: with the items in force. */
  get parts(): Part[] {
    return [...this.#parts].map(([at, state]) => {
      const [resource = "", ...key] = at.split(" ");
      return { resource, key: key.join(" "), value: inForce(state) };
    });
  }

  /** Returns the items of a resource in all parts, or in those whose keys end with the type. */
  items<Name extends GrowingResource>(resource: Name, type = ""): Growing<Name>[] {
    return [...this.#parts]
      .filter(([at]) => at.startsWith(`${resource} `) && at.endsWith(type))
      .flatMap(([, state]) => inForce(state) as Growing<Name>[])
      .toSorted((one, other) => (one as GrowingSample).startMs - (other as GrowingSample).startMs);
  }

  /** Returns the values of the samples of a type, in order of time. */
  values(type: string): (number | null)[] {
    return this.items("samples", type).map(({ value }) => value);
  }
}
