/** Gives many leaves of one kind the same fate. */
import { type Carried, carried, type Fate, type Ledger, numeric } from "../ledger.ts";

export const each = (names: readonly string[], fate: Fate): Ledger =>
  Object.fromEntries(names.map((name) => [name, fate]));

/** Returns the names of times that are given on both clocks. */
export const onBothClocks = (...names: readonly string[]): string[] =>
  names.flatMap((name) => [`${name}_gmt`, `${name}_local`]);

/** Carries numbers, each with its unit and meaning. */
export const numbers = (meanings: Readonly<Record<string, string>>): Ledger =>
  mapValues(meanings, (what) => numeric(carried(what)));

/** Carries texts and flags, each with its meaning. */
export const words = (meanings: Readonly<Record<string, string>>): Ledger =>
  mapValues(meanings, (what) => carried(what));

const mapValues = (given: Readonly<Record<string, string>>, fate: (what: string) => Carried): Ledger =>
  Object.fromEntries(Object.entries(given).map(([name, what]) => [name, fate(what)]));
