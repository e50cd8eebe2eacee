import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRedirectUrl, withQuery } from "./redirect-url.ts";

describe("a developer's redirect address", () => {
  test.each([
    ["https://app.example/done", "https://app.example/done"],
    ["http://localhost:3000/done?a=b", "http://localhost:3000/done?a=b"],
    ["myapp://connected", "myapp://connected"],
    ["com.example.app:/connected?x=1", "com.example.app:/connected?x=1"],
    ["https://app.example/é ü", "https://app.example/%C3%A9%20%C3%BC"],
  ])("%s is taken", (given, kept) => {
    expect(readRedirectUrl(given)).toBe(kept);
  });

  test.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://app.example/1",
    "/relative",
    "app.example/done",
    "https://",
  ])("%j is refused", (given) => {
    expect(() => readRedirectUrl(given)).toThrowError(
      expect.objectContaining({ code: "REDIRECT_URL_INVALID" }),
    );
  });

  test("none given is none", () => {
    expect([null, undefined, ""].map((given) => readRedirectUrl(given))).toEqual([null, null, null]);
  });

  test("what it keeps can always stand in a header", () => {
    fc.assert(
      fc.property(fc.webUrl({ withQueryParameters: true }), fc.string({ unit: "binary" }), (url, tail) => {
        expect(readRedirectUrl(`${url}/${tail}`)).toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });
});

describe("adding to an address", () => {
  test.each([
    ["https://a.example/x", "https://a.example/x?user_id=1"],
    ["https://a.example/x?", "https://a.example/x?user_id=1"],
    ["https://a.example/x?keep=a%20b&flag", "https://a.example/x?keep=a%20b&flag&user_id=1"],
    ["https://a.example/x?keep=1&", "https://a.example/x?keep=1&user_id=1"],
    ["https://a.example/x?keep=1#part?no=1", "https://a.example/x?keep=1&user_id=1#part?no=1"],
    ["myapp://connected", "myapp://connected?user_id=1"],
    ["com.example.app:/connected?x=1", "com.example.app:/connected?x=1&user_id=1"],
  ])("%s", (url, expected) => {
    expect(withQuery(url, { user_id: "1", reference_id: null })).toBe(expected);
  });

  test("whatever is added can be read again, and nothing that was there is lost", () => {
    const url = fc.webUrl({ withQueryParameters: true, withFragments: true });
    fc.assert(
      fc.property(url, fc.string(), fc.option(fc.string()), (given, userId, referenceId) => {
        const before = new URL(given);
        const after = new URL(withQuery(given, { user_id: userId, reference_id: referenceId }));
        const added = [["user_id", userId], ...(referenceId === null ? [] : [["reference_id", referenceId]])];
        expect([...after.searchParams]).toEqual([...before.searchParams, ...added]);
        expect([after.origin, after.pathname, after.hash]).toEqual([
          before.origin,
          before.pathname,
          before.hash,
        ]);
      }),
    );
  });
});
