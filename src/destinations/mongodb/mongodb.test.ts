import { testDestination } from "../conformance/suite.ts";
import { behaviour, startTarget } from "./target.ts";

testDestination(behaviour, startTarget);
