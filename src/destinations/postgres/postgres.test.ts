import { testDestination } from "../conformance/suite.ts";
import { manners, startTarget } from "./target.ts";

testDestination(manners, startTarget);
