/**
 * Lists of which nobody has reported the key. One list in one object, or in two, or bare, can be nothing else than what
 * was asked for; every other form is refused, as everywhere.
 */
import { invalidBody } from "../../../kit/body-issues.ts";
import type { Resource } from "../../../provider.ts";

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns the only list of a body; null where there is none, or where it is not alone. */
function onlyListIn(body: unknown, objectsLeft: number): readonly unknown[] | null {
  // That it is the right one is told by its items alone.
  if (Array.isArray(body)) return body.length === 0 || body.some(isFields) ? body : null;
  if (!isFields(body) || objectsLeft === 0) return null;
  const [only, ...others] = Object.values(body);
  return others.length > 0 ? null : onlyListIn(only, objectsLeft - 1);
}

const isEmpty = (body: unknown): boolean => isFields(body) && Object.keys(body).length === 0;

/** Returns the list under a key of ours, in the form that the other helpers read. @throws ProviderError PROVIDER_BODY_INVALID */
function underOwnKey(resource: string, key: string, body: unknown): object {
  const items = isEmpty(body) ? [] : onlyListIn(body, 2);
  if (items !== null) return { [listKey]: items };
  const message = "Unknown form: not one list";
  throw invalidBody({ resource, key }, "later", [{ path: [], message }]);
}

/** The key that stands for the unknown one. */
export const listKey = "items";

/** Returns the resource, reading bodies with a list at whatever key. Its `place` is `listKey`. */
export const withOnlyList = <Declared extends Resource>(resource: Declared): Declared => ({
  ...resource,
  parts: (key: string, body: unknown) => resource.parts(key, underOwnKey(resource.name, key, body)),
});
