import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elements, listOf, members, memberValue, withoutKeys, withValue } from "./raw-json.ts";
import { bodyText, space, stringText } from "./testing/json-text.ts";

describe("pieces of JSON keep their spelling", () => {
  test("elements of an array", () => {
    fc.assert(
      fc.property(fc.array(bodyText), space, space, (texts, before, after) => {
        const array = `${before}[${before}${texts.join(`${after},${before}`)}${after}]${after}`;
        expect(elements(array)).toEqual(texts);
        expect(elements(listOf(texts))).toEqual(texts);
      }),
    );
  });

  test("members of an object, with keys that look like numbers in their own order", () => {
    const object = '{"23:33" : 3,"10":1.0, "9":{"a":[1,2]},"9":-0}';
    expect(members(object).map(({ key, value }) => [key, value])).toEqual([
      ["23:33", "3"],
      ["10", "1.0"],
      ["9", '{"a":[1,2]}'],
      ["9", "-0"],
    ]);
    expect(memberValue(object, "9")).toBe("-0");
    expect(memberValue(object, "none")).toBeUndefined();
    fc.assert(
      fc.property(fc.array(fc.tuple(stringText, bodyText)), space, (pairs, gap) => {
        const text = `{${gap}${pairs.map(([key, value]) => `${key}${gap}:${gap}${value}`).join(`${gap},${gap}`)}${gap}}`;
        expect(members(text).map(({ key, value }) => [key, value])).toEqual(
          pairs.map(([key, value]) => [JSON.parse(key), value]),
        );
      }),
    );
  });

  test("leaving keys out touches nothing else", () => {
    const object = '{ "a": 1.0,\n "samples": [ {"data":"]}"} ], "b":{"samples":2} }';
    expect(withoutKeys(object, new Set(["samples"]))).toBe('{"a": 1.0,"b":{"samples":2}}');
    expect(withoutKeys(object, new Set(["route"]))).toBe(object);
    expect(withoutKeys('{"a":1}', new Set(["a"]))).toBe("{}");
  });

  test("replacing one value leaves the others as they were", () => {
    expect(withValue('{"a": 1.0, "b" : {"x":1}}', "b", '{"y":2.0}')).toBe('{"a": 1.0,"b":{"y":2.0}}');
  });
});
