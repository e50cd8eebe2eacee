/** The account of a write, for targets that take no single request for an event. */
import type { SentRequest } from "../destination.ts";

/** An event of a thousand records would make a long account. */
const mostNamed = 5;

/** Names the objects, documents or tables that are written. `bytes` is the length of the event's body. */
export function written(method: string, names: readonly string[], bytes: number): SentRequest {
  const named = names.slice(0, mostNamed).join(", ");
  const others = names.length - mostNamed;
  return { method, target: others > 0 ? `${named} and ${others} more` : named, bytes };
}
