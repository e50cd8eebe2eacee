import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEnvironment } from "../../../test/support/database.ts";
import { emit, newEvent } from "../../../test/support/delivery.ts";
import { payloadToken } from "../../delivery/payload-link.ts";
import { examples, exampleUser } from "../../models/examples.fixture.ts";
import { KeyRing } from "../../security/key-ring.ts";
import { newId } from "../../store/identifiers.ts";
import { startTestApi, type TestApi } from "../testing/api.ts";

let api: TestApi;
let environmentId: string;
let eventId: string;
const body = `{"type":"sleep",  "data":[1.0,1e2, "\\u00e9é♥", 12345678901234567890], "long": "${"x".repeat(200_000)}"}`;
const inAnHour = () => Date.now() + 3_600_000;

beforeAll(async () => {
  api = await startTestApi();
  ({ environmentId } = api.environment);
  [eventId = ""] = await emit(api.store, [newEvent(environmentId, { type: "sleep", body })]);
});
afterAll(() => api.close());

const tokenOf = (event = { environmentId, eventId }, expiresAt = inAnHour()) =>
  payloadToken(api.store.keyRing, event, expiresAt);
/** Reads without any credentials. */
const read = (token: string, init: RequestInit = {}) => fetch(`${api.url}/v2/payloads/${token}`, init);
const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as { code: string }).code];

test("a link gives the exact bytes of the event, cacheable until it expires", async () => {
  const answer = await read(tokenOf());
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe(body);
  expect(answer.headers.get("content-type")).toBe("application/json; charset=utf-8");
  expect(answer.headers.get("etag")).toBe(`"${eventId}"`);
  const [, age] = /^private, max-age=(\d+), immutable$/.exec(answer.headers.get("cache-control") ?? "") ?? [];
  expect(Number(age)).toBeGreaterThan(3_500);
  expect(Number(age)).toBeLessThanOrEqual(3_600);
});

test("HEAD answers the same without the body, and a known ETag gets 304", async () => {
  const head = await read(tokenOf(), { method: "HEAD" });
  expect([head.status, head.headers.get("content-length")]).toEqual([200, String(Buffer.byteLength(body))]);
  expect(await head.text()).toBe("");
  for (const known of [`"${eventId}"`, `"other", W/"${eventId}"`, "*"]) {
    const answer = await read(tokenOf(), { headers: { "if-none-match": known } });
    expect([answer.status, await answer.text()]).toEqual([304, ""]);
    expect(answer.headers.get("etag")).toBe(`"${eventId}"`);
  }
  const other = await read(tokenOf(), { headers: { "if-none-match": `"${newId()}"` } });
  expect(other.status).toBe(200);
});

test("an expired link is reported", async () => {
  const expired = tokenOf({ environmentId, eventId }, Date.now() - 2_000);
  expect(await codeOf(await read(expired))).toEqual([410, "PAYLOAD_LINK_EXPIRED"]);
});

test("an event past its retention is reported", async () => {
  const gone = tokenOf({ environmentId, eventId: newId() });
  expect(await codeOf(await read(gone))).toEqual([410, "PAYLOAD_GONE"]);
  const elsewhere = await createEnvironment(api.store);
  const crossed = tokenOf({ environmentId: elsewhere.environmentId, eventId });
  expect(await codeOf(await read(crossed))).toEqual([410, "PAYLOAD_GONE"]);
});

test("any token that we did not make is unknown", async () => {
  const signedElsewhere = payloadToken(new KeyRing(randomBytes(32)), { environmentId, eventId }, inAnHour());
  const forged = Buffer.from(tokenOf(), "base64url");
  forged[37] = (forged[37] ?? 0) ^ 1;
  const wrong = [
    signedElsewhere,
    forged.toString("base64url"),
    tokenOf().slice(0, -4),
    eventId,
    randomUUID(),
    "%00",
    "x",
  ];
  for (const token of wrong) {
    expect(await codeOf(await read(token)), token).toEqual([404, "PAYLOAD_LINK_UNKNOWN"]);
  }
});

test("a link of a destination in another format gives the event in that format, under an ETag of its own", async () => {
  const records = [{ type: "activity", naturalKey: "run-1", revision: 1 } as const];
  const whole = JSON.stringify({ type: "activity", user: exampleUser, data: [examples.activity] });
  const [id = ""] = await emit(api.store, [
    newEvent(environmentId, { type: "activity", records, body: whole }),
  ]);
  const token = tokenOf({ environmentId, eventId: id });
  const fhir = await read(`${token}?format=fhir`);
  expect(fhir.headers.get("content-type")).toBe("application/fhir+json");
  expect(await fhir.json()).toMatchObject({ resourceType: "Bundle", type: "transaction" });
  expect(fhir.headers.get("etag")).toBe(`"${id}-fhir"`);
  const fit = Buffer.from(await (await read(`${token}?format=fit`)).arrayBuffer());
  expect(fit.subarray(8, 12).toString("latin1")).toBe(".FIT");
  expect(await (await read(token)).text()).toBe(whole);
  // Its body is none of an event's.
  const [broken = ""] = await emit(api.store, [newEvent(environmentId, { records, body: "no JSON" })]);
  const unreadable = tokenOf({ environmentId, eventId: broken });
  for (const [format, refusal, id] of [
    ["tcx", [400, "FORMAT_UNKNOWN"], token],
    ["fhir", [500, "INTERNAL"], unreadable],
  ] as const) {
    const refused = await read(`${id}?format=${format}`);
    expect([refused.headers.get("etag"), refused.headers.get("cache-control")]).toEqual([null, null]);
    expect(await codeOf(refused)).toEqual(refusal);
  }
});
