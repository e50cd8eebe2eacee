/** The people whose rings the sandbox plays, and their documents as they were put. */
import type { Clock } from "../kit/clock.ts";
import { Random } from "../kit/random.ts";
import { type Scope, scopeNames } from "./collections.ts";

export interface Document {
  readonly id: string;
  /** The local time by which queries find it. */
  readonly time: string;
  readonly raw: string;
}

export interface Profile {
  age: number;
  weight: number;
  height: number;
  biological_sex: string;
  email: string;
  /** Minutes east of UTC, for generated data. */
  utc_offset: number;
}

export interface Person {
  readonly id: string;
  profile: Profile;
  /** The scopes that the person grants on the consent page; others are left out. */
  scopes: readonly Scope[];
  /** Without a membership every call is refused: 403. */
  hasMembership: boolean;
  readonly documents: Map<string, Map<string, Document>>;
}

const usualProfile: Profile = {
  age: 40,
  weight: 70.5,
  height: 1.75,
  biological_sex: "female",
  email: "person@example.com",
  utc_offset: 120,
};

export class People {
  readonly #clock: Clock;
  readonly #byId = new Map<string, Person>();
  #made = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  create(given: Partial<Profile> = {}, scopes: readonly Scope[] = scopeNames): Person {
    this.#made += 1;
    const id = new Random("oura person", this.#made, this.#clock.now()).uuid().toLowerCase();
    const person: Person = {
      id,
      profile: { ...usualProfile, ...given },
      scopes,
      hasMembership: true,
      documents: new Map(),
    };
    this.#byId.set(id, person);
    return person;
  }

  find(id: string): Person | undefined {
    return this.#byId.get(id);
  }

  all(): Person[] {
    return [...this.#byId.values()];
  }

  clear(): void {
    this.#byId.clear();
  }
}

/** Stores a document in place of one with the same id. Returns whether it is new. */
export function keep(person: Person, collection: string, document: Document): boolean {
  const kept = person.documents.get(collection) ?? new Map<string, Document>();
  const isNew = !kept.has(document.id);
  kept.set(document.id, document);
  person.documents.set(collection, kept);
  return isNew;
}

/** Returns a person's documents in the order of time. */
export const inOrderOfTime = (person: Person, collection: string): Document[] =>
  [...(person.documents.get(collection)?.values() ?? [])].sort(
    (a, b) => a.time.localeCompare(b.time) || a.id.localeCompare(b.id),
  );
