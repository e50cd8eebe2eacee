import { describe, expect, it } from "vitest";
import { exercise } from "../resources/exercise/exercise.ts";
import { notifications } from "../webhook.ts";
import { sessionInV4 } from "./announced.ts";
import { v4Resources } from "./resources.ts";

const declared = new Set(v4Resources.map(({ name }) => name));
const announced = (event: string, extra: object): string[] => {
  const [meaning] = notifications.read(Buffer.from(JSON.stringify({ event, user_id: 475, ...extra })));
  const fetches = meaning.kind === "data" ? meaning.fetches : [];
  return fetches.slice(1).map(({ resource, key }) => `${resource} ${key}`);
};
const those = (refs: readonly string[]) => refs.filter((ref) => declared.has(ref.split(" ")[0] ?? ""));

describe("a notification of v3", () => {
  it.each([
    [
      "SLEEP",
      { date: "2025-03-01" },
      ["v4-sleep 2025-03-01", "v4-nightly-recharge 2025-03-01", "v4-sleep-wake 2025-03-01"],
    ],
    ["ACTIVITY_SUMMARY", { date: "2025-03-01" }, ["v4-activity 2025-03-01"]],
    [
      "CONTINUOUS_HEART_RATE",
      { date: "2025-03-01" },
      ["v4-continuous-samples 2025-03-01", "v4-ppi-samples 2025-03-01"],
    ],
    ["PHYSICAL_INFORMATION", {}, ["v4-account current"]],
  ])("%s names what v4 has of it, behind v3's own", (event, extra, refs) => {
    const companions = announced(event, extra).filter((ref) => ref.startsWith("v4-"));
    expect(companions.toSorted()).toEqual(those(refs).toSorted());
  });

  it("is declared by the resources that are named, and by no other", () => {
    const named = [
      ...["SLEEP", "ACTIVITY_SUMMARY", "CONTINUOUS_HEART_RATE"].flatMap((event) =>
        announced(event, { date: "2025-03-01" }),
      ),
      ...sessionInV4("2025-03-01T18:00:00").map(({ resource }) => resource),
    ].map((ref) => ref.split(" ")[0] ?? "");
    const found = v4Resources.filter(({ discovery }) => discovery?.announcedBy !== undefined);
    expect(found.map(({ name }) => name).toSorted()).toEqual(
      named.filter((name) => name.startsWith("v4-")).toSorted(),
    );
  });

  it("names nothing that v4 has not", () => {
    for (const event of ["SLEEP", "ACTIVITY_SUMMARY", "CONTINUOUS_HEART_RATE"])
      for (const ref of announced(event, { date: "2025-03-01" }).filter((one) => one.startsWith("v4-")))
        expect(declared).toContain(ref.split(" ")[0]);
  });
});

describe("an exercise of v3", () => {
  it("leads to its day in v4 by its local start, around midnight to both days", () => {
    expect(sessionInV4("2025-03-01T18:00:00").map(({ key }) => key)).toEqual(
      those(["v4-training-session x"]).map(() => "2025-03-01"),
    );
    expect(new Set(sessionInV4("2025-03-01T23:59:10").map(({ key }) => key))).toEqual(
      new Set(those(["v4-training-session x"]).flatMap(() => ["2025-03-01", "2025-03-02"])),
    );
    expect(sessionInV4("not a time")).toEqual([]);
  });

  it("names it after its files", () => {
    const value = { start_time: "2025-03-01T18:00:00", has_route: false } as never;
    const named = exercise.followUps?.({ resource: "exercise", key: "a", value }) ?? [];
    expect(named.slice(2)).toEqual(sessionInV4("2025-03-01T18:00:00"));
  });
});
