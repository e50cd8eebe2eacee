/**
 * The state of people and their connections, read from an event. Every event has the person's `user` object;
 * events about the connection itself also tell its state. None of them may win against a later one.
 */
import type { OutgoingEvent } from "../../destination.ts";
import type { DataRecord } from "../records.ts";

export interface UserState {
  readonly userId: string;
  readonly referenceId: string | null;
  readonly createdAt: string | null;
  readonly scopes: string | null;
  readonly provider: string | null;
  /** Null where the event does not tell it. */
  readonly state: string | null;
}

type Unknown<Name extends string> = { readonly [Field in Name]?: unknown };
type User = Unknown<"user_id" | "reference_id" | "created_at" | "scopes" | "provider" | "active">;
type Envelope = { readonly [Name in "user" | "old_user" | "new_user"]?: User | null };

/** Types of events that are also the state of the connection afterwards. */
const states = new Set(["deauth", "access_revoked", "connection_error"]);

/** Returns one state as a rule; two for `user_reauth`, none for events about nobody. */
export function userStates(event: OutgoingEvent, records: readonly DataRecord[]): UserState[] {
  const { user, old_user, new_user } = envelope(event, records);
  if (event.type === "user_reauth") {
    return [...userState(old_user, "user_reauth"), ...userState(new_user, "active")];
  }
  const otherwise = user?.active === false ? null : "active";
  return userState(user, states.has(event.type) ? event.type : otherwise);
}

/** The event's body without its records, which may be large and are not needed here. */
function envelope({ body, type }: OutgoingEvent, records: readonly DataRecord[]): Envelope {
  const [first, last] = [records.at(0)?.json, records.at(-1)?.json];
  if (first === undefined || last === undefined || type === "athlete")
    return JSON.parse(body.toString("utf8"));
  const from = first.byteOffset - body.byteOffset;
  const to = last.byteOffset + last.length - body.byteOffset;
  return JSON.parse(`${body.toString("utf8", 0, from)}${body.toString("utf8", to)}`);
}

function userState(user: User | null | undefined, state: string | null): UserState[] {
  if (typeof user?.user_id !== "string") return [];
  return [
    {
      userId: user.user_id,
      referenceId: text(user.reference_id),
      createdAt: text(user.created_at),
      scopes: text(user.scopes),
      provider: text(user.provider),
      state,
    },
  ];
}

const text = (value: unknown): string | null => (typeof value === "string" ? value : null);
