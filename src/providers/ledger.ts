/**
 * The ledger of a resource says what becomes of every leaf of its bodies. Each leaf is listed once. Paths have
 * snake_case keys, `[]` for the items of an array and `{}` for the values of a map whose keys are data
 * (`samples[].data`, `hypnogram{}`). Items of several kinds are told apart by one of their fields:
 * `samples[sample_type=9].data`. A path also stands for everything below it.
 */

/** The leaf is written to a Terra field. */
export interface Mapped {
  readonly fate: "mapped";
  /** Terra fields, each beginning with the data type: `activity.distance_data.summary.distance_meters`. */
  readonly to: readonly string[];
  /** How: "exact", "converted: …" with the unit, or "derived: …" with the formula. */
  readonly how: string;
  readonly why?: string;
  /**
   * Set when the leaf identifies its neighbours (a zone's index, a series' rate) and is therefore carried with them.
   */
  readonly identifies?: true;
}

/** Terra has no field for the leaf: it is offered in the record's `provider_data`, at its own path. */
export interface Carried {
  readonly fate: "carried";
  /** Unit and meaning. */
  readonly what: string;
  /** The provider's words for "none"; they become null. */
  readonly sentinels?: readonly (number | string)[];
  /**
   * The type of the leaf's column in SQL views. When absent, it follows from the sentinels; without those it is text.
   */
  readonly kind?: "number" | "json";
  /** Terra fields that hold the same, in part or in another form. */
  readonly also?: readonly string[];
}

/** The leaf is of no use to anybody. It stays in the raw body. */
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

/** A mapped leaf without which the carried ones beside it would mean nothing. */
export const identifying = (fate: Mapped): Mapped => ({ ...fate, identifies: true });

export const carried = (what: string, sentinels?: readonly (number | string)[]): Carried => ({
  fate: "carried",
  what,
  ...(sentinels !== undefined && { sentinels }),
});

/** A carried leaf that is a number, where no sentinel shows it. */
export const numeric = (fate: Carried): Carried => ({ ...fate, kind: "number" });

/** A carried leaf that is a list or an object. */
export const composite = (fate: Carried): Carried => ({ ...fate, kind: "json" });

/** A carried leaf that also takes effect in Terra fields. */
export const alsoIn = (also: string | readonly string[], fate: Carried): Carried => ({
  ...fate,
  also: typeof also === "string" ? [also] : also,
});

export const ignored = (reason: string): Ignored => ({ fate: "ignored", reason });
