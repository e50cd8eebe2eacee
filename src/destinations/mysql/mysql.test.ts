import { testDestination } from "../conformance/suite.ts";
import { manners, startTarget } from "./target.ts";

testDestination(manners, startTarget, {
  "a body that just fits arrives whole":
    "the link is always written, beside the JSON; sizes.test.ts has this",
});
