import { expect, it } from "vitest";
import { grantedScopes, scopesOf } from "./scopes.ts";

it.each([
  ["a b", ["a", "b"]],
  ["a,b", ["a", "b"]],
  [" a,  b ", ["a", "b"]],
  ["", []],
])("%j are the scopes %j", (text, expected) => expect(scopesOf(text)).toEqual(expected));

it("are as asked where the reply does not say (RFC 6749 §5.1)", () => {
  expect(grantedScopes(undefined, ["a", "b"])).toEqual(["a", "b"]);
  expect(grantedScopes("", ["a", "b"])).toEqual(["a", "b"]);
  expect(grantedScopes("a", ["a", "b"])).toEqual(["a"]);
});
