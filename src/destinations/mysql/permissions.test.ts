import { expect } from "vitest";
import { failure } from "../conformance/bench.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import destination from "./index.ts";
import { startTarget } from "./target.ts";

onServer({ destination, startTarget })(
  "check names all privileges that are missing",
  async ({ place, connect }) => {
    const reader = await place.newUser(["CREATE, SELECT ON *"]);
    const { code, details } = await failure(connect(reader).check(deadline()));
    expect(code).toBe("DESTINATION_PERMISSION_MISSING");
    for (const privilege of ["INSERT", "UPDATE"])
      expect(details.reason).toContain(`${privilege} on terra_users`);
  },
);
