/** Reads a sandbox person's data as ingest reads it. A resource that fails has no parts. */
import { splitBody } from "../ingest/parsing/split.ts";
import {
  isNamedBy,
  isServed,
  type Part,
  type PartsRef,
  type Provider,
  type ProviderAccess,
  type ProviderRequest,
  type ProviderResponse,
  type ResourceRef,
} from "../providers/provider.ts";
import { GrownParts } from "./grown-parts.ts";
import type { SandboxPerson } from "./sandbox-person.ts";

const dayMs = 24 * 3_600_000;
const mostDays = 28;
/** A sandbox's list that never ends must not hold up the examples. */
const mostPages = 20;

const nameOf = ({ resource, key }: ResourceRef): string => `${resource} ${key}`;

/** The parts of a person, by which examples are made. */
export interface PersonParts {
  readonly all: readonly Part[];
  find(ref: PartsRef): readonly Part[];
  /** Asks for a part that can only be asked for by its name. */
  fetch(ref: ResourceRef): Promise<void>;
}

export class SandboxParts implements PersonParts {
  readonly #provider: Provider;
  readonly #access: ProviderAccess<unknown>;
  readonly #person: SandboxPerson;
  readonly #signal: AbortSignal;
  readonly #parts = new Map<string, Part>();
  readonly #grown = new GrownParts();

  constructor(
    provider: Provider,
    access: ProviderAccess<unknown>,
    { person, signal }: { readonly person: SandboxPerson; readonly signal: AbortSignal },
  ) {
    this.#provider = provider;
    this.#access = access;
    this.#person = person;
    this.#signal = signal;
  }

  get all(): readonly Part[] {
    return [...this.#parts.values(), ...this.#grown.all];
  }

  find(ref: PartsRef): readonly Part[] {
    return this.all.filter((part) => isNamedBy(ref, part));
  }

  /** Everything of the last weeks that can be found without being told of it. */
  async discover(now: Date): Promise<void> {
    for (const resource of this.#provider.resources.filter(isServed)) {
      const { discovery } = resource;
      if (discovery === null) continue;
      const back = Math.min(mostDays, discovery.reachDays, discovery.daysPerCall) - 1;
      const [from, to] = [back, 0].map((ago) =>
        new Date(now.getTime() - ago * dayMs).toISOString().slice(0, 10),
      );
      await this.fetch({ resource: resource.name, key: discovery.key(from ?? "", to ?? "") });
    }
  }

  async fetch(ref: ResourceRef): Promise<void> {
    const resource = this.#provider.resources.filter(isServed).find(({ name }) => name === ref.resource);
    const api = resource && this.#provider.apis[resource.api];
    const grant = resource && this.#person.grants.get(resource.api);
    if (resource === undefined || api === undefined || grant === undefined) return;
    try {
      let request: ProviderRequest | null = resource.request(ref.key, grant.providerUserId);
      for (let pages = 0; request !== null && pages < mostPages; pages += 1) {
        const response: ProviderResponse = await api.send(this.#access, request, grant, this.#signal);
        if (response.body.length === 0) return;
        const { parts, statements } = splitBody(resource, ref, response.body, this.#provider);
        for (const part of parts) this.#parts.set(nameOf(part), part);
        this.#grown.add(statements);
        request = resource.nextPage?.(request, response) ?? null;
      }
    } catch {
      // A sandbox need not serve everything; what is missing has no preview.
      this.#signal.throwIfAborted();
    }
  }
}
