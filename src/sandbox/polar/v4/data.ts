/** A body of the Dynamic API. Generated ones are made when they are read: a day of PPI alone is megabytes. */
export interface V4Item {
  readonly id: string;
  /** The local day, or for sessions and the diary the local moment, that decides whether a window contains the body. */
  readonly at: string;
  body(): Json;
}

export type Json = Record<string, unknown>;

/** The bodies of all people, by person, resource and identity. */
export class V4Data {
  #kept = new Map<number, Map<string, Map<string, V4Item>>>();

  /** Stores a body in place of one with the same identity. */
  keep(userId: number, resource: string, item: V4Item): void {
    const person = this.#kept.get(userId) ?? new Map<string, Map<string, V4Item>>();
    const items = person.get(resource) ?? new Map<string, V4Item>();
    this.#kept.set(userId, person.set(resource, items.set(item.id, item)));
  }

  /** Returns a person's bodies of a resource, oldest first. */
  of(userId: number, resource: string): V4Item[] {
    const items = [...(this.#kept.get(userId)?.get(resource)?.values() ?? [])];
    return items.sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
  }

  /** Deletes bodies: the one of an identity, those of a day, or all of a resource. Returns how many there were. */
  remove(
    userId: number,
    resource: string,
    { id, date }: { id?: string | undefined; date?: string | undefined },
  ): number {
    const items = this.#kept.get(userId)?.get(resource);
    const found = this.of(userId, resource).filter(
      (item) => (id === undefined || item.id === id) && (date === undefined || item.at.startsWith(date)),
    );
    for (const item of found) items?.delete(item.id);
    return found.length;
  }

  clear(): void {
    this.#kept.clear();
  }
}
