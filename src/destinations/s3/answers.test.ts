/** Answers as AWS documents them, given by a script: no server that we can run gives all of them. */
import type { LookupFunction } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Answer, type Receiver, startReceiver, status } from "../../../test/support/receiver.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent } from "../conformance/events.ts";
import type { DeliveryError, Sender, SenderContext } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import s3 from "./index.ts";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(open.splice(0).map((each) => each.close()));
});

const given = {
  bucket: "systole-test",
  region: "us-east-1",
  access_key_id: "AKIDEXAMPLE",
  secret_access_key: "hidden-secret",
};

function connect(settings: object, context: SenderContext = openGuard): Sender {
  const sender = s3.connect(parseSettings(s3, { ...given, ...settings }), context);
  open.push(sender);
  return sender;
}

async function answering(answer: Answer): Promise<Pick<Receiver, "requests"> & { endpoint: string }> {
  const receiver = await startReceiver(answer);
  open.push(receiver);
  return { requests: receiver.requests, endpoint: new URL(receiver.url).origin };
}

const xml = (code: string, message = "Told by the server.", more = ""): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message>${more}</Error>`;

async function checkedAgainst(answer: Answer): Promise<DeliveryError> {
  const { endpoint } = await answering(answer);
  return failure(connect({ endpoint }).check(deadline()));
}

describe("a refusal", () => {
  it.each([
    [503, "SlowDown", "DELIVERY_FAILED", "later"],
    [500, "InternalError", "DELIVERY_FAILED", "later"],
    [429, "TooManyRequests", "DELIVERY_FAILED", "later"],
    [403, "RequestTimeTooSkewed", "DELIVERY_FAILED", "later"],
    [403, "QuotaExceeded", "DELIVERY_FAILED", "later"],
    [400, "InvalidRequest", "DELIVERY_FAILED", "later"],
    [403, "InvalidAccessKeyId", "DESTINATION_CREDENTIALS_REFUSED", "later"],
    [403, "SignatureDoesNotMatch", "DESTINATION_CREDENTIALS_REFUSED", "later"],
    [400, "ExpiredToken", "DESTINATION_CREDENTIALS_REFUSED", "later"],
    [400, "AuthorizationHeaderMalformed", "DESTINATION_CREDENTIALS_REFUSED", "later"],
    [401, "Unauthorized", "DESTINATION_CREDENTIALS_REFUSED", "later"],
    [404, "NoSuchBucket", "DESTINATION_TARGET_MISSING", "later"],
    [400, "EntityTooLarge", "DELIVERY_TOO_LARGE", "never"],
    [413, "", "DELIVERY_TOO_LARGE", "never"],
    [400, "KeyTooLongError", "DELIVERY_REJECTED", "never"],
  ])("%i %s is %s", async (code, name, expected, retry) => {
    const thrown = await checkedAgainst(status(code, {}, name && xml(name)));
    expect(thrown).toMatchObject({ code: expected, retry, receipt: { status: code } });
    if (name === "") return;
    expect(thrown.details.reason).toBe(`${name}: Told by the server.`);
    expect(thrown.receipt.response).toBe(`${name}: Told by the server.`);
  });

  it("says when to come back", async () => {
    const thrown = await checkedAgainst(status(503, { "retry-after": "17" }, xml("SlowDown")));
    expect(thrown.retryAfterMs).toBe(17_000);
  });

  it.each([
    ["a header", 301, { "x-amz-bucket-region": "eu-west-1" }, xml("PermanentRedirect")],
    [
      "its words",
      400,
      {},
      xml("AuthorizationHeaderMalformed", "Wrong region.", "<Region>eu-west-1</Region>"),
    ],
    ["a header alone", 301, { "x-amz-bucket-region": "eu-west-1" }, ""],
  ])("names the right region from %s", async (_, code, headers, body) => {
    expect(await checkedAgainst(status(code, headers as Record<string, string>, body))).toMatchObject({
      code: "DESTINATION_TARGET_MISSING",
      retry: "later",
      details: { reason: "the bucket is in the region eu-west-1" },
    });
  });

  it("names the permission that AWS names, and otherwise the one of the request", async () => {
    const user = "User: arn:aws:iam::123456789012:user/systole is not authorized to perform:";
    const words = `${user} kms:GenerateDataKey on resource: arn:aws:kms:key`;
    const [kms, plain] = [await checkedAgainst(status(403, {}, xml("AccessDenied", words))), denied()];
    expect(kms.details.reason).toBe(`kms:GenerateDataKey: AccessDenied: ${words}`);
    expect((await plain).details.reason).toBe("s3:DeleteObject: AccessDenied: Told by the server.");
  });
  const denied = () => checkedAgainst(status(403, {}, xml("AccessDenied")));

  it("that is not in S3's language is a failure", async () => {
    expect(await checkedAgainst(status(502, {}, "<html>a proxy's</html>"))).toMatchObject({
      code: "DELIVERY_FAILED",
      retry: "later",
      receipt: { status: 502 },
    });
  });

  it("is kept to a kilobyte, without our secret", async () => {
    const thrown = await checkedAgainst(status(400, {}, xml("InvalidRequest", "x".repeat(5_000))));
    expect(thrown.receipt.response).toHaveLength(1_024);
    expect(JSON.stringify([thrown, thrown.details])).not.toContain(given.secret_access_key);
  });
});

describe("a request", () => {
  it("is not tried a second time and not redirected", async () => {
    const receiver = await answering(status(500, {}, xml("InternalError")));
    await failure(connect({ endpoint: receiver.endpoint }).check(deadline()));
    const elsewhere = { location: "http://169.254.169.254/" };
    const redirecting = await answering(status(307, elsewhere, xml("TemporaryRedirect")));
    await failure(connect({ endpoint: redirecting.endpoint }).check(deadline()));
    expect([receiver, redirecting].map(({ requests }) => requests.length)).toEqual([1, 1]);
  });

  it("carries the body as it is, signed whole, without a checksum of its own", async () => {
    const receiver = await answering(status(200, { etag: '"1"' }, ""));
    const event = dataEvent("sleep", [{ members: `"padding": "${"x".repeat(3_000_000)}"` }]);
    await connect({ endpoint: receiver.endpoint, session_token: "a-token" }).deliver(event, deadline());
    const put = receiver.requests.findLast(
      ({ method, path }) => method === "PUT" && !path.includes("/manifest/"),
    );
    expect(put?.body.equals(event.body)).toBe(true);
    expect(put?.headers).toMatchObject({
      "content-type": "application/json",
      "x-amz-content-sha256": expect.stringMatching(/^[0-9a-f]{64}$/),
      "x-amz-security-token": "a-token",
    });
    const headers = Object.keys(put?.headers ?? {}).join(" ");
    expect(headers).not.toMatch(/checksum|trailer|content-encoding|expect/);
  });

  it("knows nothing of the AWS configuration of the machine", async () => {
    const receiver = await answering(status(403, {}, xml("AccessDenied")));
    const other = await answering(status(200, {}, ""));
    vi.stubEnv("AWS_ENDPOINT_URL", other.endpoint);
    vi.stubEnv("AWS_ENDPOINT_URL_S3", other.endpoint);
    vi.stubEnv("AWS_REGION", "eu-north-1");
    await failure(connect({ endpoint: receiver.endpoint }).check(deadline()));
    const refusing = refusingLookup();
    const aws = connect({}, { ...openGuard, lookup: refusing.lookup });
    expect((await failure(aws.check(deadline()))).details.reason).toBe("looked up");
    expect(refusing.asked).toEqual(["systole-test.s3.us-east-1.amazonaws.com"]);
    expect(receiver.requests[0]?.headers.authorization).toContain("/us-east-1/s3/");
    expect(other.requests).toEqual([]);
  });
});

function refusingLookup(): { lookup: LookupFunction; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    lookup(hostname, _, callback) {
      asked.push(hostname);
      callback(new Error("looked up"), []);
    },
  };
}
