import type { ResourceKind } from "./resources.ts";
import type { Sandbox } from "./sandbox.ts";
import type { Item, Person } from "./state.ts";
import type { Notification } from "./webhooks/sender.ts";

export type Notify = "false" | "true" | "twice";

/** Pushes the notifications of an upload and returns how many were started. */
export function notifyUpload(
  sandbox: Sandbox,
  person: Person,
  kind: ResourceKind,
  items: readonly Item[],
  notify: Notify,
): number {
  // Polar tells a client only about people registered to it.
  if (notify === "false" || !person.registration || items.length === 0) return 0;
  if (person.registration.isByV4 && !sandbox.v4.switches.v3_webhooks_for_v4_consent) return 0;
  const times = notify === "twice" ? 2 : 1;
  return notificationsFor(sandbox, person, kind, items)
    .flatMap((notification) => Array.from({ length: times }, () => notification))
    .filter((notification) => sandbox.sender.notify(notification)).length;
}

function notificationsFor(
  sandbox: Sandbox,
  person: Person,
  kind: ResourceKind,
  items: readonly Item[],
): Notification[] {
  const { event } = kind;
  if (!event) return [];
  const about = (extra: object, path: string): Notification => ({
    event,
    user_id: person.id,
    ...extra,
    timestamp: sandbox.clock.stamp(),
    url: `${sandbox.url}${path}`,
  });
  switch (event) {
    case "EXERCISE":
      return items.map(({ id }) => about({ entity_id: id }, `/v3/exercises/${encodeURIComponent(id)}`));
    case "PHYSICAL_INFORMATION":
      return [about({}, "/v3/users/physical-info")];
    case "SLEEP_WISE_ALERTNESS":
    case "SLEEP_WISE_CIRCADIAN_BEDTIME": {
      const range = span(items);
      return [about(range, `/v3/users/${kind.name}/date?from=${range.from}&to=${range.to}`)];
    }
    default:
      return items.map(({ date }) => about({ date }, `/v3/users/${kind.name}/${date}`));
  }
}

function span(items: readonly Item[]): { from: string; to: string } {
  const dates = items.map((item) => item.date).sort();
  return { from: dates[0] ?? "", to: dates.at(-1) ?? "" };
}
