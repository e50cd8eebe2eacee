/**
 * Finds the items in a body of v4. Polar's Swagger shows two objects around a list where the live gateway sends one
 * (POLAR-V4 §3), and one list comes bare. Any other form is an error: read as "no data", it would lose everything in
 * silence.
 */
import { type BodyPlace, invalidBody } from "../../kit/body-issues.ts";

/** Where a resource's list is. */
export interface ListPlace {
  /** The key of the innermost list. */
  readonly list: string;
  /** The key of the object around it in Polar's Swagger; absent where the Swagger has the live form. */
  readonly outer?: string;
  /** Whether the list may come without any object around it. */
  readonly bare?: true;
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Returns the items of a body. An empty object has none.
 *
 * @throws ProviderError PROVIDER_BODY_INVALID for every form that is not known
 */
export function itemsOf(place: ListPlace, body: unknown, of: BodyPlace): readonly unknown[] {
  if (Array.isArray(body)) return place.bare ? body : refuse(of, "", "a bare list");
  if (!isFields(body)) return refuse(of, "", "no object");
  if (Object.keys(body).length === 0) return [];
  const list = listIn(place, body);
  return Array.isArray(list)
    ? list
    : refuse(of, place.list, list === undefined ? "no known key" : "no list at its key");
}

/** Returns what stands where the list belongs; undefined where no key is known. */
function listIn({ list, outer }: ListPlace, body: Readonly<Record<string, unknown>>): unknown {
  const around = outer === undefined || !Object.hasOwn(body, outer) ? undefined : body[outer];
  if (isFields(around) && Object.hasOwn(around, list)) return around[list];
  // A key that is there without the list is no unknown key: what stands there is refused.
  return Object.hasOwn(body, list) ? body[list] : around;
}

/** Where a resource's single thing is. */
export interface ThingPlace {
  /** The keys that the thing has in the live form; one of them is enough. */
  readonly known: readonly string[];
  /** The key of the object around it in Polar's Swagger. */
  readonly outer?: string;
}

/**
 * Returns the single thing in a body; null where the body is an empty object.
 *
 * @throws ProviderError PROVIDER_BODY_INVALID for every form that is not known
 */
export function thingOf({ known, outer }: ThingPlace, body: unknown, of: BodyPlace): object | null {
  if (!isFields(body)) return refuse(of, "", "no object");
  if (Object.keys(body).length === 0) return null;
  const thing = outer !== undefined && Object.hasOwn(body, outer) ? body[outer] : body;
  if (!isFields(thing)) return refuse(of, outer ?? "", "no object at its key");
  return known.some((key) => Object.hasOwn(thing, key)) ? thing : refuse(of, "", "no known key");
}

function refuse(of: BodyPlace, path: string, message: string): never {
  throw invalidBody(of, "later", [{ path: path === "" ? [] : [path], message: `Unknown form: ${message}` }]);
}
