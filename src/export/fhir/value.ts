/** A field's value as FHIR writes it, or the reason why it cannot. */
import { interpretationConcept, ownConcept } from "./codes.ts";
import type { Systems } from "./systems.ts";
import type { Form } from "./table.ts";
import { isCalendarDate, type TimeReader } from "./time.ts";
import type { Quantity, Value } from "./types.ts";
import { type Unit, ucumSystem, units } from "./units.ts";

interface Writing {
  readonly systems: Systems;
  readonly readTime: TimeReader;
}

export type Written = { readonly value: Value } | { readonly reason: string };

export const reasons = {
  notANumber: "is not a number",
  negative: "is below zero",
  noCode: "is none of the values that have a code",
  notText: "is no text that FHIR can write",
  notAFlag: "is neither true nor false",
  notATime: "is not a time that FHIR can write",
  notADate: "is not a date",
  noTime: "has no time that FHIR can write",
  endsBeforeStart: "is before the start",
  sameTime: "another value has the same time",
  notACoordinate: "is not a latitude and a longitude",
} as const;

const written = (value: Value): Written => ({ value });
const unwritten = (reason: string): Written => ({ reason });

/** A quotient or a product keeps 12 digits: more are the noise of binary numbers. */
export const rounded = (value: number): number => Number(value.toPrecision(12));

export function numberReason(value: unknown, signed: boolean): string | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return reasons.notANumber;
  return value < 0 && !signed ? reasons.negative : null;
}

export const quantityOf = (value: number, unit: Unit): Quantity => ({
  value,
  unit: units[unit],
  system: ucumSystem,
  code: unit,
});

function writeNumber(given: unknown, form: Form & { type: "quantity" }): Written {
  const reason = numberReason(given, form.signed === true);
  if (reason !== null) return unwritten(reason);
  const value = form.divisor === undefined ? Number(given) : rounded(Number(given) / form.divisor);
  return written({ valueQuantity: quantityOf(value, form.unit) });
}

/** FHIR allows no control characters but tab, line feed and carriage return, and no text of white space alone. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ud800-\udfff]/u;
const longestText = 1_000_000;

export const isWritableText = (text: unknown): text is string =>
  typeof text === "string" && text.trim() !== "" && text.length <= longestText && !unwritable.test(text);

function writeTime(given: unknown, readTime: TimeReader): Written {
  const time = readTime(given);
  if (time === null) return unwritten(reasons.notATime);
  return written({ valueDateTime: time.text, ...(time.extras && { _valueDateTime: time.extras }) });
}

/** Writes the value of every form but a position, which is two values. */
export function write(given: unknown, form: Form, { systems, readTime }: Writing): Written {
  switch (form.type) {
    case "quantity":
      return writeNumber(given, form);
    case "coded": {
      const code = form.codes.get(given);
      return code === undefined
        ? unwritten(reasons.noCode)
        : written({ valueCodeableConcept: ownConcept(code, systems) });
    }
    case "boolean":
      return typeof given === "boolean" ? written({ valueBoolean: given }) : unwritten(reasons.notAFlag);
    case "time":
      return writeTime(given, readTime);
    case "date":
      return isCalendarDate(given) ? written({ valueDateTime: given }) : unwritten(reasons.notADate);
    default:
      return isWritableText(given) ? written({ valueString: given.trim() }) : unwritten(reasons.notText);
  }
}

/** The interpretation of a value: a code of HL7, not of our own. */
export function interpretation(given: unknown, form: Form) {
  const code = form.type === "coded" ? form.codes.get(given) : undefined;
  return code === undefined ? null : interpretationConcept(code);
}

export const isPosition = (given: unknown): given is readonly [number, number] =>
  Array.isArray(given) &&
  given.length === 2 &&
  given.every((degrees) => numberReason(degrees, true) === null);
