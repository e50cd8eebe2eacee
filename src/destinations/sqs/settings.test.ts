import { describe, expect, it } from "vitest";
import { isFifo, settings } from "./settings.ts";

const given = {
  queue_url: "https://sqs.eu-central-1.amazonaws.com/123456789012/events",
  region: "eu-central-1",
  access_key_id: "AKIAIOSFODNN7EXAMPLE",
  secret_access_key: "secret",
};

describe("settings of a queue", () => {
  it("are four", () => {
    expect(settings.parse(given)).toEqual(given);
  });

  it("know a FIFO queue by its name", () => {
    expect(isFifo(settings.parse(given))).toBe(false);
    expect(isFifo(settings.parse({ ...given, queue_url: `${given.queue_url}.fifo` }))).toBe(true);
  });

  it.each([
    "events",
    "arn:aws:sqs:eu-central-1:123456789012:events",
    "https://sqs.eu-central-1.amazonaws.com/",
    "https://sqs.eu-central-1.amazonaws.com/123456789012",
    "https://sqs.eu-central-1.amazonaws.com/123456789012/events/more",
    "https://user:pass@sqs.eu-central-1.amazonaws.com/123456789012/events",
    "https://sqs.eu-central-1.amazonaws.com/123456789012/events?x=1",
    "https://sqs.eu-central-1.amazonaws.com/123456789012/events#x",
    "ftp://sqs.eu-central-1.amazonaws.com/123456789012/events",
  ])("refuse %s as the queue's URL", (queue_url) => {
    expect(settings.safeParse({ ...given, queue_url }).success).toBe(false);
  });
});
