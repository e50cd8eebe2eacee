/** Every case of the suite fails for at least one destination that is broken on purpose. */
import { describe, expect, it } from "vitest";
import { NotApplicable } from "./bench.ts";
import { broken } from "./broken.fixture.ts";
import { type CaseName, caseNames, cases } from "./cases/index.ts";
import { fakeBench, newest } from "./fake.fixture.ts";
import type { TargetBehaviour } from "./target.ts";

const behaviours: readonly TargetBehaviour[] = [
  newest,
  { ...newest, exact: "fields", holds: "event" },
  { ...newest, keeps: "all", holds: "event" },
];

/** The error of a case for a destination; null when it passes or does not apply. */
async function verdict(name: CaseName, bench: ReturnType<typeof fakeBench>): Promise<unknown> {
  return cases[name](bench).then(
    () => null,
    (error: unknown) => (error instanceof NotApplicable ? null : error),
  );
}

// The tests wait more than they compute.
describe.concurrent("the conformance suite", () => {
  const honest = behaviours.flatMap((each) =>
    caseNames.map((name) => [`${each.keeps}, ${each.exact}, ${each.holds}`, name, each] as const),
  );
  it.for(honest)("passes an honest destination (%s): %s", async ([, name, each], { expect }) => {
    expect(await verdict(name, fakeBench(each))).toBeNull();
  });

  const fakes = Object.entries(broken).flatMap(([name, breaks]) =>
    Object.entries(breaks).map(([how, breakIt]) => [name as CaseName, how, breakIt] as const),
  );
  it.for(fakes)("%s: fails one that %s", async ([name, , breakIt], { expect }) => {
    expect(await verdict(name, fakeBench(newest, breakIt))).not.toBeNull();
  });

  it("has a broken destination for every case", () => {
    for (const name of caseNames) expect(Object.keys(broken[name]), name).not.toEqual([]);
  });
});
