/** Gathers the statements of one body about parts that grow. */
import type { Period, Statement } from "../../kit/growing/fold.ts";
import { dayMs } from "../../kit/iso-time.ts";
import type { Part } from "../../provider.ts";
import { type Growing, type GrowingResource, growingSample, utcDay } from "../healthkit/growing-parts.ts";
import type { Sample } from "../healthkit/sample.ts";

type Item = Growing<GrowingResource>;

interface Origin {
  /** The name of the format. */
  readonly format: string;
  /** Equal for the bodies of one export. */
  readonly batch?: string;
}

interface Told {
  readonly resource: GrowingResource;
  readonly key: string;
  readonly items: Item[];
}

export class Statements {
  readonly #origin: Origin;
  readonly #told = new Map<string, Told>();
  readonly #replaced: { readonly key: string; readonly period: Period }[] = [];
  readonly #deleted = new Map<string, { resource: GrowingResource; key: string; ids: string[] }>();

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /** Adds an item to its part. Where no key is given, it is the UTC day on which the item starts. */
  add<Name extends GrowingResource>(
    resource: Name,
    item: Growing<Name>,
    key: string = utcDay((item as Item).startMs),
  ): void {
    const id = `${resource} ${key}`;
    const told = this.#told.get(id) ?? { resource, key, items: [] };
    told.items.push(item as Item);
    this.#told.set(id, told);
  }

  addSample(sample: Sample): void {
    this.add("samples", growingSample(sample), `${utcDay(sample.startMs)}/${sample.type}`);
  }

  /** Says that the body tells this period of a type completely. */
  replaceSamples(type: string, period: Period): void {
    for (const day of utcDaysOf(period)) this.#replaced.push({ key: `${day}/${type}`, period });
  }

  delete(resource: GrowingResource, key: string, id: string): void {
    const at = `${resource} ${key}`;
    const known = this.#deleted.get(at) ?? { resource, key, ids: [] };
    known.ids.push(id);
    this.#deleted.set(at, known);
  }

  /** Returns the parts; several may have one key. */
  parts(): Part<Statement<Item>>[] {
    const none = { ...this.#origin, samples: [] };
    return [
      ...[...this.#told.values()].map(({ resource, key, items }) => ({
        resource,
        key,
        value: { ...this.#origin, samples: items },
      })),
      ...this.#replaced.map(({ key, period }) => ({
        resource: "samples",
        key,
        value: { ...none, replaces: period },
      })),
      ...[...this.#deleted.values()].map(({ resource, key, ids }) => ({
        resource,
        key,
        value: { ...none, deleted: ids },
      })),
    ];
  }
}

function utcDaysOf({ fromMs, toMs }: Period): string[] {
  const days: string[] = [];
  for (let at = Math.floor(fromMs / dayMs) * dayMs; at < toMs; at += dayMs) days.push(utcDay(at));
  return days;
}
