import { describe, expect, it } from "vitest";
import { examples, exampleUser as user } from "./examples.fixture.ts";
import {
  dataSentToWebhookSchema,
  eventTypes,
  isDataEvent,
  type TerraEvent,
  terraEventSchema,
  payloadVersion as version,
} from "./index.ts";

const message = "…";
const events: TerraEvent[] = [
  { type: "auth", status: "success", user },
  { type: "auth_cancelled", status: "error", reason: "access_denied" },
  { type: "deauth", status: "success", user, message },
  { type: "user_reauth", status: "warning", new_user: user, message },
  { type: "access_revoked", status: "warning", user, message },
  {
    type: "permission_change",
    status: "warning",
    user,
    message,
    version,
    scopes_added: "",
    scopes_removed: "a,b",
  },
  { type: "connection_error", status: "warning", user, message },
  { type: "large_request_processing", status: "processing", user, message, reference: "r" },
  { type: "large_request_sending", user, message, reference: "r", expected_payloads: 2 },
  { type: "s3_payload", status: "success", url: "https://example.org/payload", expires_in: 300 },
  { type: "activity", version, user, data: [examples.activity] },
  { type: "daily", version, user, data: [examples.daily] },
  { type: "sleep", version, user, data: [examples.sleep] },
  { type: "body", version, user, data: [examples.body] },
  { type: "nutrition", version, user, data: [examples.nutrition] },
  { type: "menstruation", version, user, data: [examples.menstruation] },
  { type: "athlete", version, user, athlete: examples.athlete },
  {
    type: "healthcheck",
    creation_timestamp: "2026-03-01T12:00:00.000000+00:00",
    trend_percentage: 0,
    sent_webhooks_last_hour: 0,
  },
  { type: "google_no_datasource", status: "warning", user, message },
  {
    type: "rate_limit_hit",
    user,
    message,
    start_date: "2026-03-01",
    end_date: "2026-03-02",
    retrying_at: "…",
  },
  { type: "processing", status: "success", user, message, retry_after_seconds: 30 },
  { type: "key_ends_soon", status: "warning", user, message, ends_at: "2031-03-10T23:59:59.000000+00:00" },
];

describe("terraEventSchema", () => {
  it("has an example here for every event type", () => {
    expect(events.map(({ type }) => type)).toEqual(eventTypes);
  });

  it.each(events)("accepts $type and changes nothing in it", (event) => {
    expect(terraEventSchema.parse(event)).toEqual(event);
  });

  it("refuses an unknown type, another version and a broken record, with the path", () => {
    const refused = (event: unknown) =>
      terraEventSchema.safeParse(event).error?.issues.map(({ path }) => path);
    expect(refused({ type: "unheard_of" })).toEqual([["type"]]);
    expect(refused({ type: "athlete", version: "2021-01-01", user, athlete: {} })).toEqual([["version"]]);
    expect(refused({ type: "sleep", version, user, data: [{}] })).toEqual([["data", 0, "metadata"]]);
  });
});

describe("isDataEvent", () => {
  it("is true of the six events with records in `data`", () => {
    expect(events.filter(isDataEvent).map(({ type }) => type)).toEqual([
      "activity",
      "daily",
      "sleep",
      "body",
      "nutrition",
      "menstruation",
    ]);
  });
});

describe("dataSentToWebhookSchema", () => {
  it("accepts an acknowledgement", () => {
    const acknowledgement = { status: "success", type: "sleep", reference: "r", trace_id: "r", user };
    expect(dataSentToWebhookSchema.parse(acknowledgement)).toEqual(acknowledgement);
  });
});
