import { testResources } from "../conformance/resources.fixture.ts";
import { behaviour, startTarget } from "./target.ts";

testResources(behaviour, startTarget);
