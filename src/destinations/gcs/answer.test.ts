import { describe, expect, it } from "vitest";
import { isAbsence, refusal } from "./answer.ts";

const body = (code: number, reason: string, message: string): string =>
  JSON.stringify({ error: { code, message, errors: [{ message, domain: "global", reason }] } });

const permission = "storage.objects.create";
const judged = (status: number, text: string, headers = {}) => refusal({ status, text, headers }, permission);

/** Bodies as https://cloud.google.com/storage/docs/json_api/v1/status-codes gives them. */
describe("Google's refusals", () => {
  it.each([
    [401, body(401, "authError", "Invalid Credentials"), "DESTINATION_CREDENTIALS_REFUSED", "later"],
    [403, body(403, "forbidden", "Forbidden"), "DESTINATION_PERMISSION_MISSING", "later"],
    [403, body(403, "rateLimitExceeded", "Slow down"), "DELIVERY_FAILED", "later"],
    [403, body(403, "retentionPolicyNotMet", "Object is under retention"), "DELIVERY_FAILED", "later"],
    [403, "<html>a proxy's</html>", "DELIVERY_FAILED", "later"],
    [
      404,
      body(404, "notFound", "The specified bucket does not exist."),
      "DESTINATION_TARGET_MISSING",
      "later",
    ],
    [413, body(413, "uploadTooLarge", "Too large"), "DELIVERY_TOO_LARGE", "never"],
    [400, body(400, "userProjectMissing", "Bucket is a requester pays bucket"), "DELIVERY_FAILED", "later"],
    [429, body(429, "rateLimitExceeded", "The rate of change is too high"), "DELIVERY_FAILED", "later"],
    [503, "", "DELIVERY_FAILED", "later"],
    [302, "null", "DELIVERY_FAILED", "later"],
  ])("%i %s", (status, text, code, retry) => {
    expect(judged(status, text)).toMatchObject({ code, retry, receipt: { status } });
  });

  it("name the permission that Google names", () => {
    const message =
      "a@b.iam.gserviceaccount.com does not have storage.objects.delete access to the Google Cloud Storage object.";
    expect(judged(403, body(403, "forbidden", message)).details.reason).toBe(
      `storage.objects.delete: ${message}`,
    );
  });

  it("name the request's own permission where Google names none", () => {
    expect(judged(403, body(403, "forbidden", "Forbidden")).details.reason).toBe(`${permission}: Forbidden`);
  });

  it("tell an object that is not there", () => {
    const told = (status: number, text: string) => isAbsence({ status, text, headers: {} });
    const lacks = (name: string) => body(403, "forbidden", `a@b.example does not have ${name} access`);
    expect(told(404, "")).toBe(true);
    expect(told(403, lacks("storage.objects.list"))).toBe(true);
    expect(told(403, lacks("storage.objects.get"))).toBe(false);
    expect(told(403, "")).toBe(false);
  });

  it("say when to come back", () => {
    expect(judged(429, "", { "retry-after": "17" }).retryAfterMs).toBe(17_000);
    expect(judged(429, "", { "retry-after": "soon" }).retryAfterMs).toBeNull();
  });

  it("are kept to a kilobyte", () => {
    expect(judged(500, "x".repeat(5_000)).receipt.response).toHaveLength(1_024);
  });
});
