/**
 * What an event says about people and their connections. Every event has the person's `user` object; those
 * about the connection itself also say what state it is in. None of them may win against a later one.
 */
import type { OutgoingEvent } from "../destination.ts";
import { members } from "../json-slices.ts";

export interface UserState {
  readonly userId: string;
  readonly referenceId: string | null;
  readonly createdAt: string | null;
  readonly scopes: string | null;
  readonly provider: string | null;
  /** Null where the event leaves open what it is. */
  readonly state: string | null;
}

interface User {
  readonly user_id?: unknown;
  readonly reference_id?: unknown;
  readonly created_at?: unknown;
  readonly scopes?: unknown;
  readonly provider?: unknown;
  readonly active?: unknown;
}

/** Events whose type is the state they leave the connection in. */
const states = new Set(["deauth", "access_revoked", "connection_error"]);

/** Usually one; two for `user_reauth`, none for events about nobody. */
export function userStates({ type, body }: OutgoingEvent): UserState[] {
  const found = members(body);
  const user = (name: string): User | null => {
    const slice = found.get(name);
    return slice === undefined ? null : JSON.parse(body.toString("utf8", slice.from, slice.to));
  };
  if (type === "user_reauth") {
    return [userState(user("old_user"), "user_reauth"), userState(user("new_user"), "active")].flat();
  }
  const given = user("user");
  return userState(given, states.has(type) ? type : given?.active === false ? null : "active");
}

function userState(user: User | null, state: string | null): UserState[] {
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
