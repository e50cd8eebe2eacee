/** The people whose devices the sandbox plays, and their bodies as they were put. */
import type { Clock } from "../kit/clock.ts";
import { Random } from "../kit/random.ts";
import type { ResourceName } from "./stored.ts";

export interface Profile {
  /** Minutes east of UTC, for generated data. */
  utc_offset: number;
  /** The zone of the person's settings. */
  time_zone: string;
  /** Whether the person logs food, a paid feature: without it, the diary answers 404. */
  food_diary: boolean;
  /** Whether the person tracks a cycle: without it, 204. */
  menstrual_cycle: boolean;
  /** Whether generated cycles are of a pregnancy. */
  pregnant: boolean;
  /** Whether the person logs what they drink: without it, an empty list. */
  hydration: boolean;
}

export interface Person {
  /** `userProfilePK`, which many bodies name. */
  readonly id: number;
  readonly profile: Profile;
  /** The bodies as texts, by resource and by day or id. */
  readonly bodies: Map<ResourceName, Map<string, string>>;
  /** Original files of activities, by id; generated ones are made when they are asked for. */
  readonly files: Map<string, () => Buffer>;
}

const usualProfile: Profile = {
  utc_offset: 120,
  time_zone: "Europe/Helsinki",
  food_diary: true,
  menstrual_cycle: true,
  pregnant: false,
  hydration: true,
};

export class People {
  readonly #clock: Clock;
  readonly #byId = new Map<number, Person>();
  #made = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  create(): Person {
    this.#made += 1;
    const id = 100_000_000 + this.#made * 1_000 + new Random("garmin person", this.#clock.now()).int(0, 999);
    const person: Person = { id, profile: { ...usualProfile }, bodies: new Map(), files: new Map() };
    this.#byId.set(id, person);
    return person;
  }

  find(id: number): Person | undefined {
    return this.#byId.get(id);
  }

  all(): Person[] {
    return [...this.#byId.values()];
  }

  clear(): void {
    this.#byId.clear();
  }
}

/** Stores a body in place of one with the same key. */
export function keep(person: Person, resource: ResourceName, key: string, text: string): void {
  const kept = person.bodies.get(resource) ?? new Map<string, string>();
  kept.set(key, text);
  person.bodies.set(resource, kept);
}

export const bodyOf = (person: Person, resource: ResourceName, key: string): string | undefined =>
  person.bodies.get(resource)?.get(key);

/** Returns a person's bodies between two days, both included, in the order of their keys. */
export const bodiesBetween = (person: Person, resource: ResourceName, from: string, to: string): string[] =>
  [...(person.bodies.get(resource) ?? [])]
    .filter(([key]) => from <= key && key <= to)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([, text]) => text);
