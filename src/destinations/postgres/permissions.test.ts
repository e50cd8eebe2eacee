import { expect } from "vitest";
import { failure } from "../conformance/bench.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import destination from "./index.ts";
import { grantTables, startTarget } from "./target.ts";

onServer({ destination, startTarget })(
  "check names the privileges that are missing on all tables",
  async ({ place, connect }) => {
    const user = await place.newUser();
    await grantTables(place.admin, "made", user.username);
    await place.admin.query(`REVOKE INSERT ON ALL TABLES IN SCHEMA made FROM ${user.username}`);
    await place.admin.query(`REVOKE UPDATE ON made.terra_users FROM ${user.username}`);
    const settings = { ...place.settings, ...user, schema: "made" };
    const { code, details } = await failure(connect(settings).check(deadline()));
    expect(code).toBe("DESTINATION_PERMISSION_MISSING");
    expect(details.reason).toMatch(/^INSERT on terra_data_payloads; INSERT on terra_other_payloads; /);
    expect(details.reason).toContain("INSERT, UPDATE on terra_users");
  },
);
