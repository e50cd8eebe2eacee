import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { cairnWith, dayResource, single } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import { parsingOf } from "../../test/support/parsing.ts";
import { keepRawPayload } from "../store/raw-payloads.ts";
import { type FreshParts, PayloadSplits, partIn } from "./payload-splits.ts";

const person = new CairnPerson();
const mega = 1024 * 1024;

let decoded: string[];
beforeEach(() => {
  decoded = [];
});

/** Notes what is decoded; the first letter of a body is its name. */
const counting = {
  ...single("large"),
  decode: (body: Buffer) => decoded.push(body.toString("latin1", 0, 1)),
};
const provider = cairnWith(
  {},
  { ...counting, parts: (key) => [{ resource: "large", key, value: {} }] },
  { ...counting, name: "other", parts: (key) => [{ resource: "other", key, value: {} }] },
);

const splits = (fresh: readonly FreshParts[] = []) =>
  new PayloadSplits(
    {
      ...person.store,
      provider,
      id: person.id,
      parsing: parsingOf(person.store),
    },
    fresh,
  );

async function keep(body: Buffer | string, resource = "large", key = randomUUID()) {
  const rawPayloadId = await keepRawPayload(person.store.db, {
    resource,
    key,
    connection: person.id,
    provider: "cairn",
    request: { method: "GET", path: "/" },
    response: { status: 200, contentType: null, body: Buffer.from(body) },
    taskId: randomUUID(),
  });
  return { rawPayloadId, resource, resourceKey: key };
}

describe("a payload", () => {
  it("is read and split once for all callers", async () => {
    const [payload, all] = [await keep("a"), splits()];
    const first = await all.of(payload);
    expect(await all.of(payload)).toBe(first);
    expect(first).toEqual({
      parts: [{ resource: "large", key: payload.resourceKey, value: {} }],
      code: null,
    });
    expect(decoded).toEqual(["a"]);
  });

  it("that was just split is not read again", async () => {
    const payload = await keep("a");
    const part = { resource: "large", key: "fresh", value: 1 };
    const all = splits([{ rawPayloadId: payload.rawPayloadId, parts: [part] }]);
    expect(await all.of(payload)).toEqual({ parts: [part], code: null });
    expect(decoded).toEqual([]);
  });

  it("may be split in more than one way", async () => {
    const [payload, all] = [await keep("a"), splits()];
    const other = await all.of({ ...payload, resource: "other" });
    expect([(await all.of(payload)).parts[0]?.resource, other.parts[0]?.resource]).toEqual([
      "large",
      "other",
    ]);
  });

  it("that cannot be read says why, and so does one that cannot be read completely", async () => {
    const days = JSON.stringify({ days: [{ day: "2025-03-01", steps: 1 }, { day: "never" }] });
    const [none, some] = [await keep("no JSON", dayResource.name), await keep(days, dayResource.name)];
    expect(await splits().of(none)).toEqual({ parts: [], code: "PROVIDER_BODY_INVALID" });
    const { parts, code } = await splits().of(some);
    expect([parts.map(({ key }) => key), code]).toEqual([["2025-03-01"], "PROVIDER_BODY_INVALID"]);
  });

  it("that is gone, another environment's, or of an unknown resource says so", async () => {
    const payload = await keep("a");
    const gone = await splits().of({ ...payload, rawPayloadId: randomUUID() });
    expect(gone).toEqual({ parts: [], code: "RECORD_RAW_MISSING" });
    const context = { ...person.store, provider, parsing: parsingOf(person.store) };
    const elsewhere = new PayloadSplits({ ...context, id: { ...person.id, environmentId: randomUUID() } });
    expect((await elsewhere.of(payload)).code).toBe("RECORD_RAW_MISSING");
    expect((await splits().of({ ...payload, resource: "former" })).code).toBe("RECORD_NOT_MADE");
  });
});

describe("payloads of more than sixteen megabytes together", () => {
  const large = (name: string, size: number) => keep(Buffer.alloc(size, name));

  it("are dropped in the order of their last use", async () => {
    const all = splits();
    const [a, b, c] = [await large("a", 6 * mega), await large("b", 6 * mega), await large("c", 6 * mega)];
    for (const payload of [a, b, a, c]) await all.of(payload);
    expect(decoded).toEqual(["a", "b", "c"]);
    await all.of(a);
    expect(decoded).toEqual(["a", "b", "c"]);
    await all.of(b);
    expect(decoded).toEqual(["a", "b", "c", "b"]);
  });

  it("are kept one at a time if a single one is larger", async () => {
    const all = splits();
    const payload = await large("a", 17 * mega);
    await all.of(payload);
    await all.of(payload);
    expect(decoded).toEqual(["a"]);
  });
});

describe("a part", () => {
  it("is found by its resource and its key together", () => {
    const parts = [
      { resource: "day", key: "a", value: 1 },
      { resource: "note", key: "a", value: 2 },
    ];
    expect(partIn({ parts, code: null }, { resource: "note", key: "a" })).toBe(parts[1]);
    expect(partIn({ parts, code: null }, { resource: "note", key: "b" })).toBeUndefined();
  });
});
