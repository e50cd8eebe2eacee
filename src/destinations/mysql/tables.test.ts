import { testTerraTables } from "../kit/sql/terra.fixture.ts";
import destination from "./index.ts";
import { startTarget } from "./target.ts";

testTerraTables({ destination, startTarget });
