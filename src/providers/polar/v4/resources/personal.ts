/**
 * Removes what identifies the person from a value that is carried as it was sent. Birth dates and ages come with bodies
 * that have nothing to do with them, such as sleep.
 */
import { asSent } from "../../../kit/fields.ts";

const personal =
  /^(birthday|birth_?date|date_?of_?birth|age|e_?mail(_?address)?|(first|last|full|user|nick)_?name|phone.*|address)$/i;

/** Deeper values are not looked at; `clean-item.ts` has removed what is nested too deep. */
export function withoutPersonal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPersonal);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !personal.test(key));
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutPersonal(one)]));
}

/** A leaf that is carried as it was sent, without what identifies the person. */
export const impersonal = asSent.transform(withoutPersonal);
