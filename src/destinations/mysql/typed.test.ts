import { testDescriptions } from "../kit/sql/typed/descriptions.fixture.ts";
import { testTypedTables } from "../kit/sql/typed/typed.fixture.ts";
import destination from "./index.ts";
import { startTarget } from "./target.ts";

testTypedTables({ destination, startTarget });
testDescriptions(
  { destination, startTarget },
  {
    comments: `SELECT table_name AS relation, column_name AS name, column_comment AS comment
      FROM information_schema.columns WHERE table_schema = DATABASE()`,
    viewsHaveComments: false,
    silence: (table, column, type) => `ALTER TABLE ${table} MODIFY COLUMN ${column} ${type}`,
  },
);
