import { testDestination } from "../conformance/suite.ts";
import { startTarget } from "./target.ts";

testDestination(
  { kind: "s3", keeps: "newest", exact: "bytes", holds: "event", oversizeBytes: null },
  startTarget,
  {
    "a record that starts at another time after its revision is still one":
      "Terra's key has the start time in it, so that a record that moved gets another key",
  },
);
