import { testDestination } from "../conformance/suite.ts";
import { startTarget } from "./target.ts";

testDestination(
  {
    kind: "firestore",
    keeps: "newest",
    exact: "fields",
    holds: "record",
    oversizeBytes: 1_300_000,
  },
  startTarget,
);
