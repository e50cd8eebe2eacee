import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { scripted } from "../conformance/scripted.ts";
import { settings } from "./settings.ts";
import { notifications } from "./webhook.ts";

const secret = "a client secret";
const given = {
  settings: settings.parse({ client_id: "id", client_secret: secret }),
  http: scripted(() => ({ status: 500, body: "nothing is asked" })),
  secrets: [],
};
const body = Buffer.from('{"event_type":"create","data_type":"sleep","object_id":"n","user_id":"u"}');

async function isAccepted(timestamp: string): Promise<boolean> {
  const signature = createHmac("sha256", secret).update(timestamp).update(body).digest("hex");
  const headers = { "x-oura-timestamp": timestamp, "x-oura-signature": signature.toUpperCase() };
  return notifications.verify({ headers, body }, given);
}

describe("the time of a signature", () => {
  const minuteMs = 60_000;
  const units = { seconds: 1_000, milliseconds: 1 };
  it.each(Object.entries(units))("in %s is accepted for ten minutes, either way", async (_unit, lengthMs) => {
    const at = (minutes: number) => String(Math.floor((Date.now() + minutes * minuteMs) / lengthMs));
    const all = (minutes: number[]) => Promise.all(minutes.map(at).map(isAccepted));
    expect(await all([-9, 0, 9])).toEqual([true, true, true]);
    expect(await all([-11, 11, -24 * 60])).toEqual([false, false, false]);
  });

  it.each(["", "now", "-1", "1e9", "2025-05-11T23:00:00Z"])(
    "is refused where it is %j",
    async (timestamp) => {
      expect(await isAccepted(timestamp)).toBe(false);
    },
  );
});
