import { afterEach, describe, expect, it } from "vitest";
import { type Receiver, startReceiver } from "../../../test/support/receiver.ts";
import { createAddressGuard } from "../../security/address-guard.ts";
import { dataEvent } from "../conformance/events.ts";
import webhook from "./index.ts";
import { newWebhookSecret } from "./signing.ts";

const secret = newWebhookSecret();
const url = "https://example.com/";
let receiver: Receiver | undefined;
afterEach(() => receiver?.close());

const problems = (headers: unknown) =>
  (webhook.settings.safeParse({ url, secret, headers }).error?.issues ?? []).map(({ message }) => message);

describe("static headers", () => {
  it("are on every request, the healthcheck too, beside ours", async () => {
    receiver = await startReceiver();
    const headers = { Authorization: "Bearer s3cret", "X-Tenant": "a, b=c" };
    const given = webhook.settings.parse({ url: receiver.url, secret, headers });
    const sender = webhook.connect(given, createAddressGuard({ allowPrivate: true }));
    const event = dataEvent();
    await sender.deliver(event, AbortSignal.timeout(8_000));
    await sender.check(AbortSignal.timeout(8_000));
    await sender.close();
    expect(receiver.requests).toHaveLength(2);
    for (const request of receiver.requests) {
      expect(request.headers).toMatchObject({
        authorization: "Bearer s3cret",
        "x-tenant": "a, b=c",
        "webhook-id": expect.any(String),
      });
    }
    expect(receiver.requests[0]?.headers["webhook-id"]).toBe(event.id);
  });

  it.each([
    "terra-signature",
    "X-Terra-Signature",
    "X-TERRA-TRACE-ID",
    "webhook-id",
    "X-Systole-Revision",
    "User-Agent",
    "Content-Type",
    "content-encoding",
    "Content-Length",
  ])("cannot take the place of %s", (name) => {
    expect(problems({ [name]: "x" })).toEqual([`${name} is set by Systole`]);
  });

  it.each(["Host", "Connection", "Transfer-Encoding", "TE", "Trailer", "Upgrade", "Keep-Alive", "Expect"])(
    "cannot touch the connection: %s",
    (name) => {
      expect(problems({ [name]: "x" })).toEqual([`${name} belongs to the connection`]);
    },
  );

  it.each(["a\r\nb: c", "a\nb", "a\rb", "a\0b", "naïve", "a\u007fb"])("cannot have the value %j", (value) => {
    const found = problems({ "x-a": value });
    expect(found).toEqual(["x-a must be printable ASCII on one line"]);
    expect(found.join()).not.toContain(value);
  });

  it.each(["", "a b", "a:b", "a\r\nb", "é", "a(b)"])("cannot have the name %j", (name) => {
    expect(problems({ [name]: "x" })).toEqual([`${JSON.stringify(name)} is not a header's name`]);
  });

  it("cannot come twice, or be endless", () => {
    expect(problems({ "X-A": "1", "x-a": "2" })).toEqual(["name the same header twice"]);
    expect(problems({ "x-a": "a".repeat(8_192) })).toEqual(["must not be larger than 8192 bytes together"]);
    expect(problems({ "x-a": "a".repeat(8_000) })).toEqual([]);
    expect(problems({ "x-a": 1 })).toHaveLength(1);
  });
});
