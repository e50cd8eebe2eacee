/** The findings of a job so far: counts by type, and which fields differ how often. */
import type { ErrorCode } from "../../errors.ts";
import type { RecordRef } from "../../providers/provider.ts";
import type {
  RenormalizationCounts,
  RenormalizationDifference,
  TypeCounts,
} from "../../store/renormalization-job.ts";
import type { Difference } from "./compare.ts";

/** The most differences kept of a job; further ones are only counted. */
const maxDifferences = 500;
const none: TypeCounts = { identical: 0, changed: 0, new: 0, unmakeable: {} };

export class Tally {
  #counts: RenormalizationCounts;
  readonly #differences: Map<string, RenormalizationDifference>;

  constructor(counts: RenormalizationCounts, differences: readonly RenormalizationDifference[]) {
    this.#counts = counts;
    this.#differences = new Map(differences.map((one) => [nameOf(one), one]));
  }

  get counts(): RenormalizationCounts {
    return this.#counts;
  }

  get differences(): readonly RenormalizationDifference[] {
    return [...this.#differences.values()];
  }

  /** Counts what was processed. */
  passed(what: "records" | "payloads" | "events", count = 1): void {
    this.#counts = { ...this.#counts, [what]: this.#counts[what] + count };
  }

  found(type: string, what: "identical" | "changed" | "new"): void {
    this.#ofType(type, (counts) => ({ ...counts, [what]: counts[what] + 1 }));
  }

  unmakeable(type: string, code: ErrorCode): void {
    this.#ofType(type, (counts) => ({ ...counts, unmakeable: oneMore(counts.unmakeable, code) }));
  }

  unreadable(code: ErrorCode): void {
    this.#counts = { ...this.#counts, unreadable: oneMore(this.#counts.unreadable, code) };
  }

  differs(userId: string, { type, naturalKey }: RecordRef, differences: readonly Difference[]): void {
    for (const { path, kind, example } of differences) {
      const name = nameOf({ type, kind, path });
      const known = this.#differences.get(name);
      if (known !== undefined) this.#differences.set(name, { ...known, records: known.records + 1 });
      else if (this.#differences.size >= maxDifferences) {
        this.#counts = { ...this.#counts, pathsLeftOut: this.#counts.pathsLeftOut + 1 };
      } else {
        const first = { userId, naturalKey, path: example };
        this.#differences.set(name, { type, path, kind, records: 1, example: first });
      }
    }
  }

  #ofType(type: string, change: (counts: TypeCounts) => TypeCounts): void {
    const types = { ...this.#counts.types, [type]: change(this.#counts.types[type] ?? none) };
    this.#counts = { ...this.#counts, types };
  }
}

const nameOf = ({ type, kind, path }: Pick<RenormalizationDifference, "type" | "kind" | "path">): string =>
  `${type} ${kind} ${path}`;

const oneMore = (counts: Readonly<Record<string, number>>, code: ErrorCode) => ({
  ...counts,
  [code]: (counts[code] ?? 0) + 1,
});
