/** Text with a meaning for a database, a shell, a path or a parser is treated as text. */
import { type Bench, deadline } from "../bench.ts";
import { dataEvent, newUser, plainEvent, revised, type TestEvent } from "../events.ts";
import { expectArrivals } from "../exactness.ts";

const texts = [
  `it's "quoted", \`ticked\` and \\ slashed`,
  `'; DROP TABLE terra_users; --`,
  `$1 :name ? %s %00 {{7*7}} \${7*7} $$ \\x00`,
  "👩‍🚀 𝕊 e\u0301 é \u202eright to left\u202c \ufeff \uffff",
  "<script>alert(1)</script> &amp; ]]>",
  "\u0001\b\u001f\u007f\u0085\u2028\u2029",
  "line\r\nbreak\ttab",
  "  leading and trailing  ",
  "x".repeat(3_000),
  "NaN",
  "null",
  "true",
  "1e999",
  "2025-10-01T00:00:00Z",
  "",
];

/** Written as escapes: the raw characters would be invalid JSON or UTF-8. */
const unwritable = String.raw`["\u0000", "a\u0000b", "\ud800", "x\udc00y", "\ud83d\ude00"]`;

/** Numbers of at most 64 bits: each fits into an int64 or a double. */
const numbers = `[9007199254740993, -9007199254740993, 9223372036854775807, -9223372036854775808,
  1.0, 1e2, 1E+2, 0.1, -0.5, 1e-7, 1.7976931348623157e308, 0]`;

const fieldNames = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "$where",
  "$set",
  "$ne",
  "a.b.c",
  ".",
  "..",
  "",
  " ",
  "/",
  "a/b",
  "'",
  '"',
  "`",
  "[0]",
  "*",
  "~",
  "__name__",
  "_id",
  "id",
  "éé👩‍🚀",
];

const identifiers = [
  "../../etc/passwd",
  "..",
  ".",
  "/",
  "//",
  "a/b",
  "%2e%2e%2f",
  "C:\\Windows",
  `'; DROP TABLE terra_data_payloads; --`,
  `{"$ne":null}`,
  "$where",
  "__proto__",
  "?x=1#y&z",
  "a\nb\r\nc",
  "\u0001\u001f",
  "👩‍🚀",
  "",
  " ",
  "*",
  "x".repeat(2_000),
  "é".repeat(1_000),
];

const longStem = "long-".repeat(300);

/** Identifiers that a collation, a normalisation, a trim, a pattern or a cut would take for equal. */
const lookalikes = [
  "run-1",
  "RUN-1",
  "run-1 ",
  " run-1",
  "run_1",
  "run%1",
  "run\u00e9",
  "rune\u0301",
  "runE\u0301",
  "strasse",
  "straße",
  "i",
  "İ",
  "ı",
  "1",
  "01",
  "1.0",
  `${longStem}1`,
  `${longStem}2`,
];

export const hostileCases = {
  async "hostile text arrives unharmed"(bench: Bench) {
    const members = `"hostile": ${JSON.stringify(texts)}`;
    const records = texts.map((referenceId) => plainEvent("auth", { referenceId }));
    await deliverAll(bench, [dataEvent("sleep", [{ members }], { referenceId: texts.join() }), ...records]);
  },

  "NUL and lone surrogates arrive unharmed": (bench: Bench) =>
    deliverAll(bench, [dataEvent("sleep", [{ members: `"hostile": ${unwritable}` }])]),

  "64-bit numbers arrive unharmed": (bench: Bench) =>
    deliverAll(bench, [dataEvent("sleep", [{ members: `"hostile": ${numbers}` }])]),

  "hostile field names arrive unharmed": (bench: Bench) => {
    const fields = fieldNames.map((name, index) => `${JSON.stringify(name)}: {"is": ${index}}`);
    return deliverAll(bench, [dataEvent("sleep", [{ members: `"hostile": {${fields.join()}}` }])]);
  },

  "hostile identifiers stay inside": (bench: Bench) => deliverAll(bench, colliding(identifiers)),

  "identifiers that look alike stay apart": (bench: Bench) => deliverAll(bench, colliding(lookalikes)),
};

/** One person's records that start at the same time, so that only the natural key tells them apart. */
function colliding(naturalKeys: readonly string[]): TestEvent[] {
  const userId = newUser();
  const startTime = "2025-10-01T06:00:00.000000+02:00";
  return naturalKeys.map((naturalKey) => revised("activity", { naturalKey, startTime }, 1, userId));
}

/** Delivered twice, since the same key must be found again. */
async function deliverAll(bench: Bench, events: readonly TestEvent[]): Promise<void> {
  const sender = bench.connect();
  for (const event of [...events, ...events]) await sender.deliver(event, deadline());
  await expectArrivals(bench, events);
}
