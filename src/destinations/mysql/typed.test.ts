import { testTypedTables } from "../sql/typed/typed.fixture.ts";
import destination from "./index.ts";
import { startTarget } from "./target.ts";

testTypedTables({ destination, startTarget });
