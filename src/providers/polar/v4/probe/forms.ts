/** Names the form of an answer: which of the known wrappers it has, and how it says "nothing". */
import type { ProbeAnswer, ProbeFinding, ServedResource } from "../../../provider.ts";
import type { ListPlace } from "../wrapper.ts";
import { jsonIn } from "./calls.ts";
import { readingOf } from "./reading.ts";
import { shownKey } from "./shape.ts";

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null;

/** Returns the list of an answer, and the form in which it came; null where no known list is there. */
export function listIn(
  { list, outer, bare }: ListPlace,
  answer: ProbeAnswer,
): { readonly items: readonly unknown[]; readonly form: string } | null {
  const body = jsonIn(answer);
  if (Array.isArray(body)) return bare ? { items: body, form: "a bare list" } : null;
  const fields = fieldsOf(body);
  const within = outer === undefined ? null : fieldsOf(fields?.[outer]);
  const inner = within?.[list];
  if (Array.isArray(inner)) return { items: inner, form: `${outer}.${list}, as in the Swagger` };
  const direct = fields?.[list];
  return Array.isArray(direct) ? { items: direct, form: `${list}, as of the live gateway` } : null;
}

/** Names the outside of any body: where its first list is. */
function formOf(body: unknown): string {
  if (Array.isArray(body)) return "a bare list";
  const fields = Object.entries(fieldsOf(body) ?? {});
  if (fields.length === 0) return "{}";
  const direct = fields.find(([, value]) => Array.isArray(value));
  if (direct !== undefined) return `${shownKey(direct[0])}, as of the live gateway`;
  for (const [outer, value] of fields) {
    const inner = Object.entries(fieldsOf(value) ?? {}).find(([, one]) => Array.isArray(one));
    if (inner !== undefined) return `${shownKey(outer)}.${shownKey(inner[0])}, as in the Swagger`;
  }
  return "an object without a list";
}

/** Returns the form of an answer without data; null where it has some. */
export function emptyForm(place: ListPlace, answer: ProbeAnswer): string | null {
  if (answer.status === 204 || answer.status === 404) return String(answer.status);
  if (answer.body.length === 0) return `${answer.status} without a body`;
  const found = listIn(place, answer);
  if (found !== null) return found.items.length === 0 ? `an empty list at ${found.form}` : null;
  const fields = fieldsOf(jsonIn(answer));
  return fields !== null && Object.keys(fields).length === 0 ? "{}" : null;
}

/** Returns the sentence about a refusal; null for every other answer. */
function refusal({ status }: ProbeAnswer): string | null {
  if (status >= 500) return "Polar failed.";
  if (status === 401 || status === 403) return "Refused: the scope or a consent is missing.";
  return status >= 400 && status !== 404 ? "Refused: the request is not understood." : null;
}

/** Returns the sentence about an answer with a list at a known place. */
export function formVerdict(place: ListPlace, answer: ProbeAnswer): string {
  const refused = refusal(answer);
  if (refused !== null) return refused;
  const empty = emptyForm(place, answer);
  if (empty !== null) return `Nothing there: ${empty}.`;
  const found = listIn(place, answer);
  return found === null
    ? "The list is at no known key: Systole would refuse this body."
    : `Known form: ${found.form}.`;
}

/** Returns the sentence about an answer by what the reader makes of it, and what it read. */
export function readVerdict(
  resource: ServedResource,
  key: string,
  answer: ProbeAnswer,
): Pick<ProbeFinding, "verdict" | "facts"> {
  const refused = refusal(answer);
  if (refused !== null) return { verdict: refused, facts: {} };
  if (answer.status === 204 || answer.status === 404)
    return { verdict: `Nothing there: ${answer.status}.`, facts: {} };
  const { things, isPartly, unreadable } = readingOf(resource, key, answer);
  if (things === null)
    return { verdict: "The body is of no known form: Systole would refuse this body.", facts: {} };
  const form = answer.body.length === 0 ? `${answer.status} without a body` : formOf(jsonIn(answer));
  const facts = {
    "things that are read": things,
    ...(isPartly && { "others that are refused": "yes" }),
    ...(unreadable.length > 0 && { "leaves that are not read": unreadable.join(", ") }),
  };
  if (things === 0 && !isPartly) return { verdict: `Nothing there: ${form}.`, facts };
  return { verdict: `Known form: ${form}.`, facts };
}
