import { testDestination } from "../conformance/suite.ts";
import { endlessHttp } from "../conformance/target.ts";
import { startTarget } from "./target.ts";

testDestination(
  {
    kind: "firestore",
    keeps: "newest",
    exact: "fields",
    holds: "record",
    endless: endlessHttp,
    oversizeBytes: 1_048_577,
    // Fields weigh more than their JSON: a sample of 60 bytes is 88.
    fitsBytes: 700_000,
  },
  startTarget,
);
