/**
 * The ledger of a resource: what becomes of every leaf of its bodies. A leaf is in it once. Paths are written
 * with snake_case keys, `[]` for the items of an array and `{}` for the values of a map whose keys are data
 * (`samples[].data`, `hypnogram{}`). Items of several kinds are told apart by one of their fields:
 * `samples[sample_type=9].data`. A path names everything below it as well.
 */

/** It stands in a Terra field. */
export interface Mapped {
  readonly fate: "mapped";
  /** Terra fields, each beginning with the data type: `activity.distance_data.summary.distance_meters`. */
  readonly to: readonly string[];
  /** "exact", "converted: …" with the unit, or "derived: …" with the formula. */
  readonly how: string;
  readonly why?: string;
  /** It tells what stands beside it apart (a zone's index, a series' rate), and so goes with what is carried. */
  readonly identifies?: true;
}

/** Terra has no field for it: it is offered in the record's `provider_data`, at its own path. */
export interface Carried {
  readonly fate: "carried";
  /** Unit and meaning. */
  readonly what: string;
  /** Values that are the provider's words for "none"; they become null. */
  readonly sentinels?: readonly (number | string)[];
  /** Decides the type of its column in SQL views; where it is absent, what the sentinels are, or else text. */
  readonly kind?: "number" | "json";
  /** Terra fields that have it too, in part or in other words. */
  readonly also?: readonly string[];
}

/** Nobody is served by it. It stays in the raw body. */
export interface Ignored {
  readonly fate: "ignored";
  readonly reason: string;
}

export type Fate = Mapped | Carried | Ignored;
export type Ledger = Readonly<Record<string, Fate>>;

export const mapped = (to: string | readonly string[], how: string, why?: string): Mapped => ({
  fate: "mapped",
  to: typeof to === "string" ? [to] : to,
  how,
  ...(why !== undefined && { why }),
});

/** A mapped leaf without which the carried ones beside it would say nothing. */
export const identifying = (fate: Mapped): Mapped => ({ ...fate, identifies: true });

export const carried = (what: string, sentinels?: readonly (number | string)[]): Carried => ({
  fate: "carried",
  what,
  ...(sentinels !== undefined && { sentinels }),
});

/** A carried leaf that is a number where no sentinel shows it. */
export const numeric = (fate: Carried): Carried => ({ ...fate, kind: "number" });

/** A carried leaf that is a list or an object. */
export const composite = (fate: Carried): Carried => ({ ...fate, kind: "json" });

/** A carried leaf that is at work in Terra fields too. */
export const alsoIn = (also: string | readonly string[], fate: Carried): Carried => ({
  ...fate,
  also: typeof also === "string" ? [also] : also,
});

export const ignored = (reason: string): Ignored => ({ fate: "ignored", reason });
