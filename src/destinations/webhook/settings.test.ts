/** The settings of a webhook as a whole. */
import { expect, it } from "vitest";
import { webhookSettings } from "./settings.ts";
import { newWebhookSecret } from "./signing.ts";

const problems = (secrets: Record<string, string>): unknown[] =>
  webhookSettings
    .safeParse({ url: "https://example.com/hook", secret: newWebhookSecret(), ...secrets })
    .error?.issues.map(({ path, message }) => [path, message]) ?? [];

it("a secret whose key has no bytes is refused", () => {
  const message = "must be base64 after whsec_";
  expect(problems({})).toEqual([]);
  expect(problems({ secret: "a text of one's own" })).toEqual([]);
  expect(problems({ secret: "whsec_!!!!!!!!!!!!!!!!" })).toEqual([[["secret"], message]]);
  expect(problems({ previous_secret: "whsec_................" })).toEqual([[["previous_secret"], message]]);
});
