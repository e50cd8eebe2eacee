import { describe, expect, it } from "vitest";
import { entryRefusal, refusal } from "./outcome.ts";

const outcome = (code: string, diagnostics = "as told", more = {}) =>
  JSON.stringify({
    resourceType: "OperationOutcome",
    issue: [
      { severity: "warning", code: "informational", diagnostics: "only a warning" },
      { severity: "error", code, diagnostics, ...more },
    ],
  });
const page = "<!DOCTYPE html><html><body>Bad gateway</body></html>";

describe("the meaning of a refused transaction", () => {
  it.each([
    [401, outcome("login"), "all", "DESTINATION_CREDENTIALS_REFUSED", "later"],
    [401, page, "all", "DESTINATION_CREDENTIALS_REFUSED", "later"],
    [403, outcome("forbidden"), "all", "DESTINATION_PERMISSION_MISSING", "later"],
    [403, '{"message":"Forbidden"}', "all", "DESTINATION_PERMISSION_MISSING", "later"],
    [403, page, "all", "DELIVERY_FAILED", "later"],
    [404, page, "all", "DESTINATION_TARGET_MISSING", "later"],
    [404, outcome("not-found"), "conflict", "DELIVERY_FAILED", "later"],
    [405, "", "all", "DESTINATION_INCAPABLE", "later"],
    [409, outcome("conflict"), "conflict", "DELIVERY_FAILED", "later"],
    [410, outcome("deleted"), "conflict", "DELIVERY_FAILED", "later"],
    [412, outcome("conflict"), "conflict", "DELIVERY_FAILED", "later"],
    [412, "", "conflict", "DELIVERY_FAILED", "later"],
    [413, page, "records", "DELIVERY_TOO_LARGE", "never"],
    [422, outcome("invariant"), "records", "DELIVERY_REJECTED", "never"],
    [400, outcome("value"), "records", "DELIVERY_REJECTED", "never"],
    [422, page, "all", "DELIVERY_FAILED", "later"],
    [400, page, "all", "DELIVERY_FAILED", "later"],
    [400, outcome("throttled"), "all", "DELIVERY_FAILED", "later"],
    [422, outcome("multiple-matches"), "records", "DELIVERY_REJECTED", "never"],
    [412, outcome("multiple-matches"), "records", "DELIVERY_REJECTED", "never"],
    [
      412,
      outcome(
        "processing",
        'HAPI-0958: Failed to CREATE resource with match URL "x" because this search matched 2 resources',
      ),
      "records",
      "DELIVERY_REJECTED",
      "never",
    ],
    [412, outcome("processing", "this search matched 1 resources"), "conflict", "DELIVERY_FAILED", "later"],
    [422, outcome("too-costly"), "records", "DELIVERY_TOO_LARGE", "never"],
    [429, outcome("throttled"), "all", "DELIVERY_FAILED", "later"],
    [500, outcome("exception"), "all", "DELIVERY_FAILED", "later"],
    [502, page, "all", "DELIVERY_FAILED", "later"],
    [302, "", "all", "DELIVERY_FAILED", "later"],
  ])("%i %s", (status, text, of, code, retry) => {
    const refused = refusal({ status, text, headers: {} }, "transaction");
    expect(refused).toMatchObject({ of, error: { code, retry, receipt: { status } } });
  });

  it("says when to come back", () => {
    const answer = { status: 429, text: "", headers: { "retry-after": "17" } };
    expect(refusal(answer, "transaction").error.retryAfterMs).toBe(17_000);
  });

  it("tells the errors and not the warnings, and never a page for people", () => {
    const told = (status: number, text: string) =>
      refusal({ status, text, headers: {} }, "transaction").error.details.reason;
    expect(told(422, outcome("invariant", "obs-6 failed"))).toBe("invariant: obs-6 failed");
    expect(told(502, page)).toBe("the server answered 502, and not by FHIR");
  });

  it.each([
    [{ expression: ["Bundle.entry[3].resource.ofType(Observation).value"] }, [3]],
    [{ location: ["Bundle.entry[0]/Observation"] }, [0]],
    [{ diagnostics: "Bundle.entry[12].request: no" }, [12]],
    [{ diagnostics: "somewhere" }, []],
  ])("names the entries of %j", (more, entries) => {
    const answer = { status: 422, text: outcome("invalid", "", more), headers: {} };
    expect(refusal(answer, "transaction").entries).toEqual(entries);
  });

  it("is never of the records where only a search was refused", () => {
    const answer = { status: 400, text: outcome("not-supported"), headers: {} };
    expect(refusal(answer, "search")).toMatchObject({ of: "all", error: { code: "DESTINATION_INCAPABLE" } });
    const missing = { status: 404, text: outcome("not-found"), headers: {} };
    expect(refusal(missing, "search").error.code).toBe("DESTINATION_TARGET_MISSING");
  });
});

describe("the meaning of one entry of a transaction-response", () => {
  it.each([
    [422, "invariant", "records", "DELIVERY_REJECTED"],
    [412, "conflict", "conflict", "DELIVERY_FAILED"],
    [403, "forbidden", "all", "DESTINATION_PERMISSION_MISSING"],
    [429, "throttled", "all", "DELIVERY_FAILED"],
  ])("%i %s", (status, code, of, deliveryCode) => {
    const refused = entryRefusal(status, JSON.parse(outcome(code)), 5);
    expect(refused).toMatchObject({ of, entries: [5], error: { code: deliveryCode } });
  });
});
