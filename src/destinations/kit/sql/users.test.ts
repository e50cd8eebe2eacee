import { describe, expect, it } from "vitest";
import { dataEvent, plainEvent } from "../../conformance/events.ts";
import type { OutgoingEvent } from "../../destination.ts";
import { dataRecords } from "../records.ts";
import { userStates } from "./users.ts";

const states = (event: OutgoingEvent) =>
  userStates(event, dataRecords(event)).map(({ userId, state }) => [userId, state]);

const withBody = (type: string, body: object): OutgoingEvent => ({
  ...plainEvent(type),
  body: Buffer.from(JSON.stringify({ type, ...body })),
});

describe("the state of a connection in an event", () => {
  it.each([
    ["auth", "active"],
    ["deauth", "deauth"],
    ["access_revoked", "access_revoked"],
    ["connection_error", "connection_error"],
    ["permission_change", "active"],
    ["large_request_processing", "active"],
  ])("%s: %s", (type, state) => {
    expect(states(plainEvent(type, { userId: "u" }))).toEqual([["u", state]]);
  });

  it("of two connections, when one takes the other's place", () => {
    const body = { new_user: { user_id: "new" }, old_user: { user_id: "old" } };
    expect(states(withBody("user_reauth", body))).toEqual([
      ["old", "user_reauth"],
      ["new", "active"],
    ]);
    expect(states(withBody("user_reauth", { ...body, old_user: null }))).toEqual([["new", "active"]]);
  });

  it("has no state where it is switched off, and is missing where the event is about nobody", () => {
    expect(states(withBody("permission_change", { user: { user_id: "u", active: false } }))).toEqual([
      ["u", null],
    ]);
    expect(states(withBody("auth_cancelled", { reason: "access_denied" }))).toEqual([]);
    expect(states(withBody("auth", { user: null }))).toEqual([]);
    expect(states(plainEvent("auth_cancelled", { userId: null }))).toEqual([]);
  });

  it("also among many records, wherever the user stands", () => {
    expect(states(dataEvent("sleep", [{}, {}, {}], { userId: "u" }))).toEqual([["u", "active"]]);
    expect(states(dataEvent("athlete", [{}], { userId: "u" }))).toEqual([["u", "active"]]);
    const event = dataEvent("sleep", [{}, {}], { userId: "u" });
    const { user, ...rest } = JSON.parse(event.body.toString("utf8"));
    const body = Buffer.from(JSON.stringify({ ...rest, user }, null, 1));
    expect(states({ ...event, body })).toEqual([["u", "active"]]);
  });

  it("the rest of the person as it is given, and null where it is not", () => {
    const user = { user_id: "u", provider: "POLAR", scopes: "a,b", created_at: "2026-01-01T00:00:00Z" };
    const [state] = userStates(withBody("auth", { user }), []);
    expect(state).toEqual({
      userId: "u",
      referenceId: null,
      createdAt: "2026-01-01T00:00:00Z",
      scopes: "a,b",
      provider: "POLAR",
      state: "active",
    });
  });
});
