import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { notifications, subscribedEvents } from "./webhook.ts";

const secret = "abe1f3ae-fd33-11e8-8eb2-f2801f1b9fd1";
const body = Buffer.from(
  '{"event":"EXERCISE","user_id":475,"entity_id":"aQlC83","timestamp":"2018-05-15T14:22:24Z"}',
);
const hex = createHmac("sha256", secret).update(body).digest("hex");
const verify = (signature: string | undefined, secrets = [secret], signed = body) =>
  notifications.verify(
    { headers: signature === undefined ? {} : { "polar-webhook-signature": signature }, body: signed },
    { secrets },
  );
const parse = (notification: unknown) => notifications.read(Buffer.from(JSON.stringify(notification)))[0];
const data = (event: string, extra: object) =>
  parse({ event, user_id: 475, timestamp: "x", url: "y", ...extra });

describe("a signature", () => {
  it("is the hex HMAC-SHA256 of the raw body", () => {
    expect(verify(hex)).toBe(true);
    expect(verify(hex, ["other", secret])).toBe(true);
    expect(verify(hex, [secret, "other"])).toBe(true);
  });

  it.each([undefined, "", "zz", hex.slice(0, 62), `${hex}00`, `00${hex.slice(2)}`, `${hex}, ${hex}`])(
    "is not %j",
    (signature) => expect(verify(signature)).toBe(false),
  );

  it("is invalid after a change of the body", () => {
    expect(verify(hex, [secret], Buffer.from(`${body.toString()} `))).toBe(false);
  });
});

describe("a notification", () => {
  it("is a ping", () => expect(parse({ timestamp: "x", event: "PING" })).toEqual({ kind: "ping" }));

  it.each([
    ["EXERCISE", { entity_id: "aQlC83" }, [["exercise", "aQlC83"]]],
    ["EXERCISE", { entity_id: 1937529874 }, [["exercise", "1937529874"]]],
    [
      "SLEEP",
      { date: "2019-12-31" },
      [
        ["sleep", "2019-12-31"],
        ["nightly-recharge", "2019-12-31"],
      ],
    ],
    ["ACTIVITY_SUMMARY", { date: "2022-09-30" }, [["activity", "2022-09-30"]]],
    ["CONTINUOUS_HEART_RATE", { date: "2022-09-30" }, [["continuous-heart-rate", "2022-09-30"]]],
    [
      "SLEEP_WISE_ALERTNESS",
      { from: "2022-09-30", to: "2022-10-02" },
      [["sleepwise-alertness", "2022-09-30..2022-10-02"]],
    ],
    [
      "SLEEP_WISE_CIRCADIAN_BEDTIME",
      { from: "2022-09-30", to: "2022-09-30" },
      [["sleepwise-circadian-bedtime", "2022-09-30..2022-09-30"]],
    ],
    [
      "PHYSICAL_INFORMATION",
      {},
      [
        ["physical-info", "current"],
        ["user", "current"],
      ],
    ],
  ])("%s %j names what to fetch", (event, extra, refs) => {
    const fetches = refs.map(([resource, key]) => ({ resource, key }));
    const { fetches: all = [], ...told } = data(event, extra) as { fetches?: { resource: string }[] };
    expect(told).toEqual({ kind: "data", event, providerUserId: "475" });
    // What v4 has of it comes behind (v4/announced.test.ts).
    expect(all.slice(0, fetches.length)).toEqual(fetches);
    expect(all.slice(fetches.length).every(({ resource }) => resource.startsWith("v4-"))).toBe(true);
  });

  it("may give the person's id as text", () => {
    expect(data("PHYSICAL_INFORMATION", { user_id: "475" })).toMatchObject({ providerUserId: "475" });
  });

  it.each(["SOMETHING_NEW", "constructor", "toString"])("of %s is genuine and unknown", (event) =>
    expect(data(event, {})).toEqual({ kind: "unknown", event }),
  );

  it.each([
    ["EXERCISE", { entity_id: "" }],
    ["EXERCISE", { entity_id: "a/../b" }],
    ["EXERCISE", { entity_id: "a%2fb" }],
    ["EXERCISE", { entity_id: "x".repeat(65) }],
    ["SLEEP", { date: "2019-12-32" }],
    ["SLEEP", { date: "2019-12-31\n" }],
    ["SLEEP", {}],
    ["SLEEP_WISE_ALERTNESS", { from: "2022-09-30" }],
    ["SLEEP_WISE_ALERTNESS", { from: "2022-10-02", to: "2022-09-30" }],
    ["SLEEP_WISE_CIRCADIAN_BEDTIME", { from: "2022-09-30", to: "../x" }],
    ["ACTIVITY_SUMMARY", { date: "2022-09-30", user_id: "../475" }],
    ["ACTIVITY_SUMMARY", { date: "2022-09-30", user_id: -1 }],
  ])("of %s with %j is refused", (event, extra) => {
    expect(() => data(event, extra)).toThrow(expect.objectContaining({ code: "NOTIFICATION_BODY_INVALID" }));
  });

  it("is requested exactly for the events that are used", () => {
    expect(subscribedEvents).toEqual([
      "EXERCISE",
      "SLEEP",
      "ACTIVITY_SUMMARY",
      "CONTINUOUS_HEART_RATE",
      "SLEEP_WISE_ALERTNESS",
      "SLEEP_WISE_CIRCADIAN_BEDTIME",
      "PHYSICAL_INFORMATION",
    ]);
  });
});
