import type { Clock } from "../kit/clock.ts";

/** A body as it was put, with the moment that counts as its upload. */
export interface Item {
  id: string;
  /** The day that decides whether a window contains it. */
  date: string;
  raw: string;
  uploadedAt: number;
  /** Orders uploads and registrations, even when the clock was moved back between them. */
  sequence: number;
}

export interface Profile {
  firstName: string;
  lastName: string;
  birthdate: string;
  gender: "MALE" | "FEMALE";
  weight: number;
  height: number;
  /** Minutes east of UTC, for generated data. */
  utcOffset: number;
}

export interface Registration {
  memberId: string;
  at: number;
  sequence: number;
  /** Whether it was made with a token of v4. */
  isByV4: boolean;
}

export interface Person {
  id: number;
  profile: Profile;
  /** Without consents Polar answers 403 to everything about this person. */
  consents: boolean;
  registration?: Registration;
  data: Map<string, Map<string, Item>>;
  /** Files put through the control side, by exercise and format: `{id}/fit`. */
  files: Map<string, Buffer>;
}

export const DEFAULT_PROFILE: Profile = {
  firstName: "Eka",
  lastName: "Toka",
  birthdate: "1985-09-06",
  gender: "FEMALE",
  weight: 66,
  height: 170,
  utcOffset: 120,
};

const FIRST_USER_ID = 10_000_001;

/** The people whose watches the sandbox plays, and what they uploaded. */
export class People {
  readonly clock: Clock;
  #byId = new Map<number, Person>();
  #nextId = FIRST_USER_ID;
  #sequence = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  create(profile: Partial<Profile> = {}, consents = true): Person {
    const person: Person = {
      id: this.#nextId++,
      profile: { ...DEFAULT_PROFILE, ...profile },
      consents,
      data: new Map(),
      files: new Map(),
    };
    this.#byId.set(person.id, person);
    return person;
  }

  find(id: number): Person | undefined {
    return this.#byId.get(id);
  }

  all(): Person[] {
    return [...this.#byId.values()];
  }

  registered(): Person[] {
    return this.all().filter((person) => person.registration);
  }

  register(person: Person, memberId: string, isByV4 = false): Registration {
    const registration = { memberId, at: this.clock.now(), sequence: ++this.#sequence, isByV4 };
    person.registration = registration;
    return registration;
  }

  /** Stores a body in place of one with the same identity. */
  keep(person: Person, resource: string, body: Pick<Item, "id" | "date" | "raw">): Item {
    const item: Item = { ...body, uploadedAt: this.clock.now(), sequence: ++this.#sequence };
    const kept = person.data.get(resource) ?? new Map<string, Item>();
    kept.set(item.id, item);
    person.data.set(resource, kept);
    return item;
  }

  /** Deletes bodies: the one of an identity, those of a day, or all of a resource. Returns how many there were. */
  remove(
    person: Person,
    resource: string,
    { id, date }: { id?: string | undefined; date?: string | undefined },
  ): number {
    const items = person.data.get(resource);
    const found = itemsByDate(person, resource).filter(
      (item) => (id === undefined || item.id === id) && (date === undefined || item.date === date),
    );
    for (const item of found) items?.delete(item.id);
    return found.length;
  }

  clear(): void {
    this.#byId.clear();
  }
}

/** Returns a person's bodies of a resource, oldest day first. */
export function itemsByDate(person: Person, resource: string): Item[] {
  return [...(person.data.get(resource)?.values() ?? [])].sort(
    (a, b) => a.date.localeCompare(b.date) || a.id.localeCompare(b.id),
  );
}

export function itemOf(person: Person, resource: string, id: string): Item | undefined {
  return person.data.get(resource)?.get(id);
}
