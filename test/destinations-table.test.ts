import { describe, expect, it } from "vitest";
import { destinationsTable, type ReportedCase, reportedCases } from "../scripts/destinations-table.ts";

const passed: ReportedCase = {
  kind: "kafka",
  case: "it arrives",
  server: "Kafka 4",
  reason: null,
  status: "passed",
};

describe("the table of destinations", () => {
  it("has a row for each kind, and every skipped case with its reason", () => {
    const cases: ReportedCase[] = [
      passed,
      { ...passed, case: "it returns", status: "failed" },
      { ...passed, case: "it is dropped", status: "skipped", reason: "it makes nothing" },
      { ...passed, case: "it is made", status: "skipped", reason: "it makes nothing" },
      { ...passed, kind: "s3", server: "Ceph 16.2" },
    ];
    expect(destinationsTable(cases, ["kafka", "s3"])).toEqual([
      "Destinations",
      "  destination  server     passed  failed  skipped",
      "  kafka        Kafka 4    1       1       2",
      "  s3           Ceph 16.2  1       0       0",
      "  skipped by kafka, it makes nothing: it is dropped; it is made",
    ]);
  });

  it("shows prominently which kinds were not run, and why", () => {
    const absent: ReportedCase = { ...passed, server: null, status: "skipped", reason: "no Java here" };
    expect(destinationsTable([absent], ["kafka", "mysql"]).slice(2)).toEqual([
      "  NOT RUN: kafka: no Java here",
      "  NOT RUN: mysql: its server did not start, or it has no conformance tests",
    ]);
  });

  it("is empty when no destination was meant to be run", () => {
    expect(destinationsTable([], [])).toEqual([]);
  });

  it("is read from Vitest's report", () => {
    const { status: _, ...destination } = passed;
    const report = {
      testResults: [
        {
          assertionResults: [
            { status: "passed", meta: { destination } },
            { status: "pending", meta: { destination: { ...destination, reason: "because" } } },
            { status: "passed", meta: {} },
            { status: "passed" },
          ],
        },
      ],
    };
    expect(reportedCases(report).map(({ status, reason }) => [status, reason])).toEqual([
      ["passed", null],
      ["skipped", "because"],
    ]);
  });
});
