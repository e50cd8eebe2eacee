import { testDestination } from "../conformance/suite.ts";
import { endlessHttp } from "../conformance/target.ts";
import { startTarget } from "./target.ts";

testDestination(
  { kind: "s3", keeps: "newest", exact: "bytes", holds: "event", endless: endlessHttp, oversizeBytes: null },
  startTarget,
  {},
);
