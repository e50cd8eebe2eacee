import { describe, expect, it } from "vitest";
import { keyOf, sendingOf } from "./headers.ts";

const sending = (headers: Record<string, string>) => sendingOf(keyOf(headers));

describe("the headers of a body", () => {
  it("are its key, and a body without them is one of whole days", () => {
    expect(keyOf({})).toBe("body");
    expect(sending({})).toEqual({ isWholeDays: true, granularity: null, session: null });
  });

  it("say what it replaces, how long its rows are, and which export it is a part of", () => {
    const headers = {
      "automation-name": "Ada\u2019s phone",
      "automation-period": "Since Last Sync",
      "automation-aggregation": "Days",
      "session-id": "3F25 04E0&x=y",
    };
    expect(sending(headers)).toEqual({ isWholeDays: false, granularity: "day", session: "3F25 04E0&x=y" });
    expect(keyOf(headers)).not.toContain("Ada");
  });

  it.each(["None", "Default", "Today", "Yesterday", "Previous 7 Days", "Last Week"])(
    "name whole days by %s",
    (period) => expect(sending({ "automation-period": period }).isWholeDays).toBe(true),
  );

  it.each(["Since Last Sync", "Realtime", "lastsync", "Seit der letzten Synchronisierung", "Heute"])(
    "promise nothing whole by %s",
    (period) => expect(sending({ "automation-period": period }).isWholeDays).toBe(false),
  );
});
