import { expect, test } from "vitest";
import { withoutPassword, withoutSecrets } from "./url-masking.ts";

test.each([
  ["https://a.example/hook", "https://a.example/hook"],
  ["https://a.example/hook?token=hunter2&x=1", "https://a.example/hook?token=********&x=********"],
  [
    "https://hooks.example/services/T024BE7LD/B2/XXq5cKm3XyZ9aaa1bbb2ccc3",
    "https://hooks.example/services/T024BE7LD/B2/********",
  ],
  [
    "https://a.example/receive-health-data-of-everybody",
    "https://a.example/receive-health-data-of-everybody",
  ],
  [
    "https://a.example/receivers/gQvVGvNDPfrreLbfvZWbnRMexyDtqLbqeLxbioRskAbc",
    "https://a.example/receivers/********",
  ],
  ["https://a.example/#k1", "https://a.example/#********"],
  ["not a URL", "not a URL"],
])("%s is shown as %s", (url, shown) => {
  expect(withoutSecrets(url)).toBe(shown);
});

test("a password is masked in any address", () => {
  expect(withoutPassword("postgres://me:hunter2@db.example/x")).toBe("postgres://me:********@db.example/x");
  expect(withoutPassword("me:hunter2")).toBe("me:hunter2");
});
