import { expect, test } from "vitest";
import { mask } from "../security/url-masking.ts";
import { keptRequest } from "./sent-request.ts";

const request = { method: "POST", target: new URL("https://a.example/hook"), bytes: 12 };

test("a URL's query may hold a secret, and so may the headers that are declared secret", () => {
  const kept = keptRequest({
    ...request,
    target: new URL("https://a.example/hook?token=hunter2"),
    headers: { "X-House": "hunter2", "content-type": "application/json" },
    secretHeaders: ["X-House"],
  });
  expect(kept).toEqual({
    method: "POST",
    target: `https://a.example/hook?token=${mask}`,
    headers: { "X-House": mask, "content-type": "application/json" },
    bytes: 12,
  });
});

test.each(["authorization", "Cookie", "x-api-key", "X-Amz-Security-Token", "proxy-authorization"])(
  "%s is masked in every kind",
  (name) => {
    expect(keptRequest({ ...request, headers: { [name]: "hunter2" } }).headers).toEqual({ [name]: mask });
  },
);

test.each(["terra-signature", "X-Terra-Signature", "webhook-signature", "terra-reference", "webhook-id"])(
  "%s is shown: it is no secret",
  (name) => {
    expect(keptRequest({ ...request, headers: { [name]: "t=1,v1=ab" } }).headers).toEqual({
      [name]: "t=1,v1=ab",
    });
  },
);

test("the name of a place is shown as it is; without headers there are none", () => {
  const kept = keptRequest({ method: "produce", target: "topic health, key 7f3c9a41d2e8b650", bytes: 3 });
  expect(kept).toEqual({
    method: "produce",
    target: "topic health, key 7f3c9a41d2e8b650",
    headers: null,
    bytes: 3,
  });
});

test("it stays short and storable, whatever a kind notes", () => {
  const headers = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`h${n}`, "x".repeat(9_000)]));
  const kept = keptRequest({ ...request, target: "a\0b\ud800", headers });
  expect(kept.target).toBe("a\ufffdb\ufffd");
  expect(Object.keys(kept.headers ?? {})).toHaveLength(40);
  expect(kept.headers?.h0).toHaveLength(512);
});
