import { elements, memberValue } from "../kit/raw-json.ts";
import { type Notify, notifyUpload } from "./notifications.ts";
import { controlRefusal } from "./refusal.ts";
import type { Json, ResourceKind } from "./resources.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Item, Person } from "./state.ts";

export interface UploadResult {
  stored: number;
  notified: number;
}

/** Does what a sync of a watch does: stores the bodies in place of older ones, and pushes to the webhook. */
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

/** Splits an upload: one body, an array of bodies, or a list in Polar's envelope. */
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

/** Returns each thing once, so that it is notified once. */
function latest(items: readonly Item[]): Item[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
