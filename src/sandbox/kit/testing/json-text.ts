import fc from "fast-check";

/** Generates JSON as people write it: any spelling of a number, any space between tokens, any order of keys. */
export const space = fc.constantFrom("", " ", "\n  ", "\t", "\r\n");
const numberText = fc.oneof(
  fc.constantFrom(
    "0",
    "-0",
    "0.0",
    "9465.0",
    "-1.0",
    "1e3",
    "1E+3",
    "2.50e-7",
    "0.20000000298023224",
    "12345678901234567890",
  ),
  fc.integer().map(String),
);
export const stringText = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  fc.constantFrom('"\\u0041"', '"a\\"b"', '"\\\\"', '"\\\\\\""', '"{[,:]}"', '"23:33"', '"7"', '""'),
);
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    numberText,
    stringText,
    fc.constantFrom("true", "false", "null"),
    fc
      .tuple(fc.array(tie("value"), { maxLength: 4 }), space)
      .map(([items, gap]) => `[${gap}${items.join(`${gap},${gap}`)}${gap}]`),
    fc
      .tuple(fc.array(fc.tuple(stringText, tie("value")), { maxLength: 4 }), space)
      .map(
        ([pairs, gap]) =>
          `{${gap}${pairs.map(([key, value]) => `${key}${gap}:${gap}${value}`).join(`${gap},${gap}`)}${gap}}`,
      ),
  ),
}));
export const bodyText: fc.Arbitrary<string> = value;
