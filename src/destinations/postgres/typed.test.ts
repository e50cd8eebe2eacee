import { testDescriptions } from "../kit/sql/typed/descriptions.fixture.ts";
import { testTypedTables } from "../kit/sql/typed/typed.fixture.ts";
import destination from "./index.ts";
import { startTarget } from "./target.ts";

testTypedTables({ destination, startTarget });
testDescriptions(
  { destination, startTarget },
  {
    comments: `SELECT relname AS relation, attname AS name, col_description(attrelid, attnum) AS comment
      FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v') AND attnum > 0`,
    viewsHaveComments: true,
    silence: (table, column) => `COMMENT ON COLUMN ${table}.${column} IS NULL`,
  },
);
