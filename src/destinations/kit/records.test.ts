import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OutgoingEvent } from "../destination.ts";
import { linkForm } from "../link.ts";
import { elements, members, type Slice } from "./json-slices.ts";
import { bodyWithOnly, dataRecords } from "./records.ts";

const textOf = (json: Buffer, { from, to }: Slice): string => json.toString("utf8", from, to);

/** JSON with blanks wherever they are allowed. */
const spread = (value: unknown, gap: string): string => JSON.stringify(value, null, gap);

describe("slices of JSON", () => {
  it("are an object's members and a list's elements, with any content", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom("", " ", "\t"),
        (object, gap) => {
          const json = Buffer.from(` ${spread(object, gap)}\n`);
          const found = [...members(json)].map(([name, slice]) => [name, JSON.parse(textOf(json, slice))]);
          expect(found).toEqual(Object.entries(JSON.parse(json.toString("utf8"))));
        },
      ),
    );
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom("", " ", "\t"), (list, gap) => {
        const json = Buffer.from(spread(list, gap));
        expect(elements(json).map((slice) => JSON.parse(textOf(json, slice)))).toEqual(
          JSON.parse(json.toString("utf8")),
        );
      }),
    );
  });

  it("are the very bytes", () => {
    const json = Buffer.from(`{"a":1.0,"é":[1e2, "\\u00e9\\"}"],"b" : {"x":12345678901234567890}}`);
    const slices = members(json);
    expect([...slices.values()].map((slice) => textOf(json, slice))).toEqual([
      "1.0",
      `[1e2, "\\u00e9\\"}"]`,
      `{"x":12345678901234567890}`,
    ]);
  });

  it.each(["", "{", "[1,", `{"a"`, `{"a":}`, `{"a" 1}`, `{"a":1`, `{"a":"b`, "12"])("refuse %j", (text) => {
    expect(() => members(Buffer.from(text))).toThrow(SyntaxError);
  });
});

function event(type: string, body: string, keys: readonly string[]): OutgoingEvent {
  return {
    id: randomUUID(),
    type,
    userId: "u",
    referenceId: "r",
    reference: randomUUID(),
    traceId: randomUUID(),
    orderingTimestamp: 0,
    records: keys.map((naturalKey, index) => ({ type: "daily", naturalKey, revision: index + 1 })),
    body: Buffer.from(body),
    noteSent: () => {},
    link: async () => ({ url: "https://example.com/x", expiresInSeconds: 60 }),
  };
}

describe("the records of an event", () => {
  const two = `{"type":"daily","user":{"user_id":"u"},"data":[{"metadata":{"start_time":"2025-10-01T00:00:00.000000+02:00","end_time":null}, "x":1.0},{"x":2}]}`;

  it("have their bytes, times and keys", () => {
    const records = dataRecords(event("daily", two, ["a", "b"]));
    expect(records.map(({ json, ...rest }) => ({ ...rest, json: json.toString("utf8") }))).toMatchObject([
      {
        naturalKey: "a",
        revision: 1,
        startTime: "2025-10-01T00:00:00.000000+02:00",
        endTime: null,
        json: expect.stringContaining(`, "x":1.0}`),
      },
      { naturalKey: "b", revision: 2, startTime: null, json: `{"x":2}` },
    ]);
  });

  it("each make a body by themselves; a single one keeps the event's", () => {
    const given = event("daily", two, ["a", "b"]);
    const [, second] = dataRecords(given);
    expect(second && bodyWithOnly(given, second).toString("utf8")).toBe(
      `{"type":"daily","user":{"user_id":"u"},"data":[{"x":2}]}`,
    );
    const single = event("daily", `{"data": [ {"x":1} ] }`, ["a"]);
    const [only] = dataRecords(single);
    expect(only && bodyWithOnly(single, only)).toBe(single.body);
  });

  it("are an athlete, or none", () => {
    const [athlete] = dataRecords(event("athlete", `{"type":"athlete","athlete":{"age":30}}`, ["athlete"]));
    expect(athlete?.json.toString("utf8")).toBe(`{"age":30}`);
    expect(dataRecords(event("auth", "not looked at", []))).toEqual([]);
  });

  it("are refused when the body has others", () => {
    expect(() => dataRecords(event("daily", two, ["a"]))).toThrow();
  });
});

it("an event in its link form keeps its ids, and has the address of its body", async () => {
  const given = event("daily", `{"data":[{}]}`, ["a"]);
  const linked = await linkForm(given, AbortSignal.timeout(1_000));
  expect(linked).toMatchObject({ id: given.id, records: given.records });
  expect(JSON.parse(linked.body.toString("utf8"))).toEqual({
    status: "success",
    type: "s3_payload",
    url: "https://example.com/x",
    expires_in: 60,
    user_id: "u",
    reference_id: "r",
    payload_type: "daily",
    event_id: given.id,
  });
});
