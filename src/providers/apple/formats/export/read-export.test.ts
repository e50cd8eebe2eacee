import { describe, expect, it } from "vitest";
import { exportOf, heartRate, readBytes } from "./testing/read.ts";
import { zipOf } from "./testing/zip.ts";

const record = (attributes: string, children = ""): string =>
  `<Record sourceName="Watch" startDate="2026-01-10 09:00:00 +0100" endDate="2026-01-10 09:01:00 +0100" ${attributes}>${children}</Record>`;

describe("an export", () => {
  it("is read as samples by UTC day and type, the newest first, and settles the days up to its date", async () => {
    const { parts, items } = await readBytes(
      exportOf(
        heartRate("09:00:00", 61),
        record('type="HKQuantityTypeIdentifierStepCount" unit="count" value="40"').replaceAll(
          "01-10",
          "01-20",
        ),
      ),
    );
    expect(parts.map(({ resource, key }) => `${resource} ${key}`)).toEqual([
      "samples 2026-01-20/HKQuantityTypeIdentifierStepCount",
      "samples 2026-01-10/HKQuantityTypeIdentifierHeartRate",
    ]);
    const [last, first] = parts.map(({ value }) => value.settles);
    expect(first).toEqual({ fromMs: Date.parse("2026-01-10"), toMs: Date.parse("2026-01-11") });
    expect(last).toEqual({ fromMs: Date.parse("2026-01-20"), toMs: Date.parse("2026-01-20T21:00:00.001Z") });
    expect(items("samples")[0]).toMatchObject({
      type: "HKQuantityTypeIdentifierHeartRate",
      startMs: Date.parse("2026-01-10T09:00:00Z"),
      value: 61,
      zone: null,
      offsetMinutes: null,
      isAggregate: false,
    });
  });

  it("is found by its content, whatever its name is", async () => {
    const cda = "<?xml version='1.0'?><ClinicalDocument></ClinicalDocument></component>";
    const zip = zipOf([
      { name: "apple_health_export/", content: "" },
      { name: "apple_health_export/export_cda.xml", content: cda },
      { name: "apple_health_export/\u5bfc\u51fa.xml", content: exportOf(heartRate("09:00:00", 61)) },
    ]);
    const { items, error } = await readBytes(zip);
    expect(error).toBeNull();
    expect(items("samples")).toHaveLength(1);
  });

  it("may begin with a document type that is not well-formed, which is not read", async () => {
    const doctype = `<!DOCTYPE HealthData [
<!ELEMENT HealthData (ExportDate,Me,(Record)*)>
<!ATTLIST VisionPrescription
  type CDATA #REQUIRED
<!ELEMENT RightEye EMPTY><
<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;"><!ENTITY file SYSTEM "file:///etc/passwd">
]>`;
    const text = exportOf(heartRate("09:00:00", 61, ' device="&lol2;&file;"')).replace(
      "<HealthData",
      `${doctype}\n<HealthData`,
    );
    const { items, error } = await readBytes(text);
    expect(error).toBeNull();
    expect(items("samples")).toMatchObject([{ value: 61, source: { name: "Watch", model: null } }]);
    expect(JSON.stringify(items("samples"))).not.toMatch(/lollol|root:/);
  });

  it("may have control characters and attributes with spaces in their names", async () => {
    const odd = record(
      'type="HKQuantityTypeIdentifierBodyMass" unit="kg" value="70.5" Health Mate="2"',
      '<MetadataEntry key="note" value="a\u000bb"/>',
    );
    const { items, error, unread } = await readBytes(exportOf(odd));
    expect(error).toBeNull();
    expect(items("samples")).toMatchObject([{ value: 70.5, metadata: { note: "a b" } }]);
    expect(unread).toMatchObject({ faults: [{ name: "xml", count: 1 }] });
  });

  it("that is cut off keeps all up to the cut, and replaces nothing", async () => {
    const whole = exportOf(heartRate("09:00:00", 61), heartRate("09:05:00", 62), heartRate("09:10:00", 63));
    const cut = whole.slice(0, whole.indexOf('value="63"'));
    const { items, error, parts } = await readBytes(cut);
    expect(items("samples").map(({ value }) => value)).toEqual([61, 62]);
    expect(error).toMatchObject({ code: "UPLOAD_FILE_CUT", details: { byte: cut.length, line: 6 } });
    expect(parts.every(({ value }) => value.settles === undefined)).toBe(true);
  });

  it.each([
    ["an empty file", "", "UPLOAD_FILE_NOT_RECOGNISED"],
    ["another kind of file", "%PDF-1.7", "UPLOAD_FILE_NOT_RECOGNISED"],
    ["an empty zip file", zipOf([]), "UPLOAD_FILE_NOT_RECOGNISED"],
    [
      "half a zip file",
      zipOf([{ name: "a.xml", content: exportOf() }]).subarray(0, 90),
      "UPLOAD_ZIP_DAMAGED",
    ],
  ])("is not %s", async (_, content, code) => {
    expect((await readBytes(content)).error).toMatchObject({ code });
  });

  it("tells all its sources, also those that count no steps", async () => {
    const { items } = await readBytes(
      exportOf(
        record('type="HKQuantityTypeIdentifierStepCount" unit="count" value="40"'),
        record('type="HKQuantityTypeIdentifierBodyMass" unit="lb" value="150"').replace("Watch", "Scale"),
      ),
    );
    expect(items("samples").map(({ source }) => source.name)).toEqual(["Watch", "Scale"]);
  });

  it("with a fault in every tag is given up, and what came before stands", async () => {
    const faults = '<Record a b="1"/>\n'.repeat(10_100);
    const { items, error } = await readBytes(exportOf(heartRate("09:00:00", 61), faults));
    expect(items("samples")).toHaveLength(1);
    expect(error).toMatchObject({
      code: "UPLOAD_FILE_MALFORMED",
      details: { reason: "too many faults", line: 10_005 },
    });
  });

  it.each([
    ["too many levels", "<Workout>".repeat(40)],
    ["a text without an end", `<Record type="${"x".repeat(3_000_000)}`],
    ["a text without an end", `<!-- ${"-> ".repeat(1_000_000)}`],
  ])("is given up at %s", async (reason, hostile) => {
    const { items, error } = await readBytes(exportOf(heartRate("09:00:00", 61), hostile));
    expect(items("samples")).toHaveLength(1);
    expect(error).toMatchObject({ code: "UPLOAD_FILE_MALFORMED", details: { reason } });
  });

  it("without a root is given up before it fills memory", async () => {
    const { error } = await readBytes(`<!DOCTYPE HealthData [${"<!ENTITY a 'b'>".repeat(100_000)}`);
    expect(error).toMatchObject({ code: "UPLOAD_FILE_MALFORMED", details: { reason: "no root element" } });
  });
});
