import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type JsonWriter, jsonBytes, SelfWriting } from "./json-writer.ts";

const text = (value: object) => jsonBytes(value).toString("utf8");

describe("the bytes of a value", () => {
  it("are those of JSON.stringify", () => {
    const values = fc.object({
      withBigInt: false,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
      withUnicodeString: true,
      withBoxedValues: true,
      key: fc.string({ unit: "binary" }),
    } as fc.ObjectConstraints);
    fc.assert(
      fc.property(values, (value) => {
        expect(text(value)).toBe(JSON.stringify(value));
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, object]>([
    ["fields without JSON", { a: undefined, b: () => 1, c: Symbol("c"), d: 1 }],
    ["nothing but such fields", { a: undefined }],
    ["a list of values without JSON", [undefined, () => 1]],
    [
      "numbers",
      { all: [0], a: 0, b: -0, c: 1e21, d: 1e-7, e: Number.NaN, f: 2 ** 31, g: -5, h: 123_456_789 },
    ],
    ["texts", { a: "–", b: '"\\\n\u0000\u2028', c: "\ud83d", d: "😀" }],
    ["an object with a text of its own", { date: new Date(0), own: { toJSON: () => "told" } }],
    ["a text longer than the memory of the writer", { long: "é".repeat(300_000), short: 1 }],
  ])("are those of JSON.stringify for %s", (_, value) => {
    expect(text(value)).toBe(JSON.stringify(value));
  });

  it("are the caller's own: the next value is written elsewhere", () => {
    const first = jsonBytes({ a: 1 });
    jsonBytes({ b: 2 });
    expect(first.toString()).toBe('{"a":1}');
  });

  it("are right after a value that could not be written", () => {
    const circle: { again?: object } = {};
    circle.again = [circle];
    expect(() => jsonBytes({ before: 1, circle })).toThrow(TypeError);
    expect(text({ a: 1 })).toBe('{"a":1}');
  });
});

describe("a value that writes itself", () => {
  class Twice extends SelfWriting {
    writeTo(writer: JsonWriter): void {
      const from = writer.position;
      writer.value("é");
      writer.ascii(`:${writer.position - from}`);
      writer.room(1)[writer.position] = 33;
      writer.advance(writer.position + 1);
    }

    toJSON(): string {
      return "é";
    }
  }

  it("stands in a field, and in a list as its JSON", () => {
    expect(text({ field: new Twice(), list: [new Twice()] })).toBe('{"field":"é":4!,"list":["é"]}');
  });
});
