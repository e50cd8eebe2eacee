import { testDestination } from "../conformance/suite.ts";
import { startTarget } from "./target.ts";

testDestination(
  {
    kind: "mongodb",
    keeps: "newest",
    exact: "fields",
    holds: "record",
    // A message of two gigabytes.
    endless: { begins: Buffer.from([0xff, 0xff, 0xff, 0x7f]), settings: { tls: false } },
    oversizeBytes: 16 * 1_024 * 1_024,
    // In BSON, each number in a list has the digits of its position beside it.
    fitsBytes: 12 * 1_024 * 1_024,
  },
  startTarget,
);
