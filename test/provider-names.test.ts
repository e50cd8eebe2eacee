import { describe, expect, it } from "vitest";
import { isShared, namedIn, wordsOf } from "../scripts/provider-names.ts";

const known = [
  {
    slug: "health-connect",
    name: "HEALTH_CONNECT",
    displayName: "Health Connect",
    apis: { "steplink-v3": {} },
  },
];

describe("a shared module that names a provider", () => {
  it.each([
    ["import x from './health-connect/index.ts';"],
    ["const healthConnectUrl = 1;"],
    ["HEALTH_CONNECT_CLIENT_ID"],
    ["/** What Steplink answers. */"],
  ])("is found: %s", (line) => {
    expect(namedIn(`first\n${line}`, wordsOf(known)).map((found) => found.line)).toContain(2);
  });

  it("is not found in other words", () => {
    expect(namedIn("the health of connections, steplinks", wordsOf(known))).toEqual([]);
  });

  it("is any folder but those of plugins and tests", () => {
    expect(
      ["src/main.ts", "src/api/v2/data.ts", "src/sandbox/kit/page.ts", "src/providers/kit/http.ts"].map(
        isShared,
      ),
    ).toEqual([true, true, true, true]);
    expect(
      [
        "src/providers/polar/index.ts",
        "src/sandbox/polar/app.ts",
        "src/api/docs.test.ts",
        "src/api/testing/api.ts",
      ].map(isShared),
    ).toEqual([false, false, false, false]);
  });
});
