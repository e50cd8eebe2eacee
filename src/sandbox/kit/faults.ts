export type MalformedBody = "garbage" | "empty" | "html" | "truncated";

interface Scope {
  /** Part of the path with its query; without it the fault is everywhere it makes sense. */
  path?: string | undefined;
  /** How often the fault strikes before it is over; without it, until the faults are deleted. */
  times?: number | undefined;
}

export type Fault = Scope &
  (
    | { kind: "outage"; status: number }
    /** `late`: the answer is made at once and sent late, when there may be a newer one. */
    | { kind: "slow"; milliseconds: number; late?: boolean | undefined }
    | { kind: "rate-limit"; reset_seconds: number }
    /** Of files asked for with another media type than theirs. */
    | { kind: "not-acceptable" }
    | { kind: "malformed"; body: MalformedBody }
  );

/** What goes wrong on purpose, in the order it was asked for. */
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

  /** The fault of this kind that strikes this call, if any; one of its `times` is used up. */
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

/** Budgets and JSON bodies belong to the API; the OAuth pages have them only when the path says so. */
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
