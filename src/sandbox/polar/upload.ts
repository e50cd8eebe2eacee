import { type Notify, notifyUpload } from "./notifications.ts";
import { elements, memberValue } from "./raw-json.ts";
import { controlRefusal } from "./refusal.ts";
import type { Json, ResourceKind } from "./resources.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Item, Person } from "./state.ts";

export interface UploadResult {
  stored: number;
  notified: number;
}

/** What a watch does when it syncs: bodies arrive, replace what they are about, and the webhook is told. */
export function upload(
  sandbox: Sandbox,
  person: Person,
  kind: ResourceKind,
  bodies: readonly string[],
  notify: Notify,
): UploadResult {
  const known = bodies.map((raw, index) => ({ raw, ...aboutOf(kind, raw, index) }));
  const items = known.map((body) => sandbox.people.keep(person, kind.name, body));
  return { stored: items.length, notified: notifyUpload(sandbox, person, kind, latest(items), notify) };
}

/** One body, an array of them, or the list as Polar wraps it. */
export function splitBodies(kind: ResourceKind, text: string): string[] {
  const parsed = parse(text);
  if (Array.isArray(parsed)) return elements(text);
  const wrapped = kind.wrapper && isObject(parsed) && Array.isArray(parsed[kind.wrapper]);
  if (wrapped) return elements(memberValue(text, kind.wrapper ?? "") ?? "[]");
  return [text.trim()];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw controlRefusal(400, `The body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function aboutOf(kind: ResourceKind, raw: string, index: number): Pick<Item, "id" | "date"> {
  const body: unknown = JSON.parse(raw);
  if (!isObject(body)) throw controlRefusal(400, `${kind.name}[${index}] is not an object`);
  try {
    return { id: kind.identity(body), date: kind.date(body) };
  } catch (error) {
    throw controlRefusal(400, `${kind.name}[${index}]: ${error instanceof Error ? error.message : error}`);
  }
}

/** The same thing twice in one upload is worth one notification. */
function latest(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
