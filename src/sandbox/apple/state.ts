/** The people whose phones the sandbox plays; all of it in memory. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../kit/clock.ts";
import { RequestLog } from "../kit/request-log.ts";
import { type Profile, usualProfile, type Wearer, wearerOf } from "./generate/person.ts";

/** Where a phone pushes, as its owner set it up. */
export interface Address {
  readonly uploadToken: string;
  /** By format. */
  readonly uploadUrls: Readonly<Record<string, string>>;
}

export interface Person {
  readonly id: string;
  readonly profile: Profile;
  readonly seed: number;
  /** Null until the phone is set up. */
  address: Address | null;
}

export interface NewPerson {
  /** The id that Systole gave; the sandbox makes one when absent. */
  readonly id?: string | undefined;
  readonly profile: Partial<Profile>;
  readonly seed?: number | undefined;
  readonly address: Address | null;
}

export class People {
  readonly clock: Clock;
  /** The pushes. */
  readonly requests = new RequestLog();
  readonly #byId = new Map<string, Person>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  create({ id = randomUUID(), profile, seed = this.#byId.size + 1, address }: NewPerson): Person {
    const person = { id, profile: { ...usualProfile, ...profile }, seed, address };
    this.#byId.set(id, person);
    return person;
  }

  find(id: string): Person | undefined {
    return this.#byId.get(id);
  }

  all(): Person[] {
    return [...this.#byId.values()];
  }

  wearerOf({ profile, seed }: Person): Wearer {
    return wearerOf(profile, seed, this.clock.now());
  }
}
