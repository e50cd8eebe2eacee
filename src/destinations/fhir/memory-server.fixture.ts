/** A FHIR server in memory, as far as deliveries need one: for cases that a real one makes only by chance. */
import type { Answer } from "../kit/http.ts";
import type { FhirServer } from "./server.ts";

export interface Kept {
  readonly resourceType: string;
  readonly id: string;
  readonly meta: { readonly versionId: string; readonly tag: readonly Tag[] };
  readonly identifier: readonly { readonly system: string; readonly value: string }[];
}
interface Tag {
  readonly system: string;
  readonly code: string;
}
interface Entry {
  readonly resource?: Kept;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly ifNoneExist?: string;
    readonly ifMatch?: string;
  };
}

class Refused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

const answer = (status: number, body: object): Answer => ({
  status,
  headers: {},
  text: JSON.stringify(body),
});
export const outcome = (code: string, diagnostics = "as told") => ({
  resourceType: "OperationOutcome",
  issue: [{ severity: "error", code, diagnostics }],
});

export class MemoryServer implements FhirServer {
  readonly base = new URL("https://fhir.example/r4");
  readonly resources = new Map<string, Kept>();
  /** The entries of each transaction, those that were refused too. */
  readonly transactions: (readonly Entry[])[] = [];
  /** Returns the answer to a transaction in the server's place; null leaves it to the server. */
  intercept: (entries: readonly Entry[]) => Answer | null = () => null;
  #ids = 0;

  all(type: string): Kept[] {
    return [...this.resources.values()].filter(({ resourceType }) => resourceType === type);
  }

  async get(path: string): Promise<Answer> {
    const found = this.#search(path);
    return answer(200, { resourceType: "Bundle", entry: found.map((resource) => ({ resource })) });
  }

  async transact(bundle: Buffer): Promise<Answer> {
    const { entry } = JSON.parse(bundle.toString()) as { entry: readonly Entry[] };
    this.transactions.push(entry);
    const intercepted = this.intercept(entry);
    if (intercepted !== null) return intercepted;
    const before = new Map(this.resources);
    try {
      const statuses = entry.map((one) => this.#carryOut(one));
      return answer(200, {
        resourceType: "Bundle",
        entry: statuses.map((status) => ({ response: { status: String(status) } })),
      });
    } catch (thrown) {
      if (!(thrown instanceof Refused)) throw thrown;
      this.resources.clear();
      for (const [key, resource] of before) this.resources.set(key, resource);
      return answer(thrown.status, outcome("conflict"));
    }
  }

  async close(): Promise<void> {}

  /** As HAPI does, tags of former versions are kept. */
  put(resource: Omit<Kept, "id" | "meta"> & { readonly meta?: Partial<Kept["meta"]> }, id: string): void {
    const key = `${resource.resourceType}/${id}`;
    const former = this.resources.get(key)?.meta;
    const tag = [...(former?.tag ?? []), ...(resource.meta?.tag ?? [])];
    const versionId = String(Number(former?.versionId ?? 0) + 1);
    this.resources.set(key, { ...resource, id, meta: { versionId, tag } });
  }

  #search(path: string): Kept[] {
    const [type = "", query = ""] = path.split("?");
    const parameters = new URLSearchParams(query);
    const tags = parameters.get("_tag")?.split(",");
    const identifiers = parameters.get("identifier")?.split(",");
    return this.all(type).filter(
      ({ meta, identifier }) =>
        meta.tag.some(({ system, code }) => tags?.includes(`${system}|${code}`)) ||
        identifier.some(({ system, value }) => identifiers?.includes(`${system}|${value}`)),
    );
  }

  #carryOut({ resource, request: { method, url, ifNoneExist, ifMatch } }: Entry): number {
    if (method === "DELETE") {
      this.resources.delete(url);
      return 204;
    }
    if (resource === undefined) throw new Refused(400);
    const [type = "", query = ifNoneExist ?? ""] = url.split("?");
    const [found] = query === "" ? [this.resources.get(url)] : this.#search(`${type.split("/")[0]}?${query}`);
    if (method === "POST" && found !== undefined) return 200;
    if (ifMatch !== undefined && ifMatch !== `W/"${found?.meta.versionId}"`) throw new Refused(412);
    this.put(resource, found?.id ?? String(++this.#ids));
    return found === undefined ? 201 : 200;
  }
}
