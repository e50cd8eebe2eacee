export type MalformedBody = "garbage" | "empty" | "html" | "truncated";

interface Scope {
  /** Part of the path, with its query. Without it the fault applies wherever it makes sense. */
  path?: string | undefined;
  /** How often the fault applies before it ends. Without it, until the faults are deleted. */
  times?: number | undefined;
  /** The person whose calls it concerns, where a sandbox knows them. Without it, everybody's. */
  user_id?: number | undefined;
}

export type Fault = Scope &
  (
    | { kind: "outage"; status: number }
    /** `late`: the answer is made at once and sent late, when there may be a newer one. */
    | { kind: "slow"; milliseconds: number; late?: boolean | undefined }
    | { kind: "rate-limit"; reset_seconds: number }
    /** Affects files that are asked for with another media type than theirs. */
    | { kind: "not-acceptable" }
    | { kind: "malformed"; body: MalformedBody }
  );

/** The faults in force, in the order in which they were set. */
export class Faults {
  readonly #api: RegExp;
  #active: Fault[] = [];

  /** `api` matches the paths of the provider's data. */
  constructor(api: RegExp) {
    this.#api = api;
  }

  add(fault: Fault): void {
    this.#active.push(fault);
  }

  all(): readonly Fault[] {
    return this.#active;
  }

  clear(): void {
    this.#active = [];
  }

  /** Returns the fault of this kind that applies to this call, if any, and uses up one of its `times`. */
  strike<K extends Fault["kind"]>(
    kind: K,
    path: string,
    suits: (fault: Extract<Fault, { kind: K }>) => boolean = () => true,
  ): Extract<Fault, { kind: K }> | undefined {
    const fault = this.#active.find(
      (candidate) =>
        candidate.kind === kind &&
        reaches(candidate, path, this.#api) &&
        suits(candidate as Extract<Fault, { kind: K }>),
    );
    if (!fault) return undefined;
    if (fault.times !== undefined && --fault.times <= 0) {
      this.#active = this.#active.filter((candidate) => candidate !== fault);
    }
    return fault as Extract<Fault, { kind: K }>;
  }
}

/**
 * Tells whether a fault applies to a path. Rate limits and JSON bodies belong to the API; OAuth pages are affected only
 * when the fault names their path.
 */
function reaches(fault: Fault, path: string, api: RegExp): boolean {
  if (fault.path !== undefined) return path.includes(fault.path);
  return fault.kind === "outage" || fault.kind === "slow" || api.test(path);
}

export function malformed(kind: MalformedBody, body: string): string {
  if (kind === "empty") return "";
  if (kind === "html") return "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>";
  if (kind === "truncated") return body.slice(0, Math.floor(body.length / 2));
  return '{"this is": not JSON \u0000';
}
