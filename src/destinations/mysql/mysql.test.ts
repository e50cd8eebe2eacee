import { testDestination } from "../conformance/suite.ts";
import { behaviour, startTarget } from "./target.ts";

testDestination(behaviour, startTarget, {
  "a body that just fits arrives whole":
    "the link is always written, beside the JSON; sizes.test.ts has this",
});
