import { describe, expect, it } from "vitest";
import { cairnWith, single } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { Part } from "../providers/provider.ts";
import type { TaskKind } from "../store/tables.ts";
import { createDependentTasks } from "./dependents.ts";

const person = new CairnPerson();
const afterDay = (name: string, scope?: string) =>
  single(name, {
    ...(scope !== undefined && { scope }),
    after: { resource: "day", refs: ({ key }: Part) => (key === "none" ? [] : [{ resource: name, key }]) },
  });
const provider = cairnWith({}, afterDay("climb"), afterDay("swim"), afterDay("sauna", "sauna"));
const day = (key: string): Part => ({ resource: "day", key, value: {} });

async function create(kind: TaskKind, ...parts: Part[]) {
  const run = await person.run({ kind }, { provider });
  await person.store.db.transaction().execute((tx) => createDependentTasks(tx, run, parts));
  const made = await person.tasks(run.task);
  return made.map((task) => ({
    kind: task.kind,
    priority: task.priority,
    fetches: task.fetches.map(({ resource, key }) => `${resource} ${key}`),
  }));
}

describe("the tasks that follow from a part", () => {
  it("are one for each part, with the kind and the rank of the task before", async () => {
    expect(await create("backfill", day("2025-03-01"), day("2025-03-02"))).toEqual([
      { kind: "backfill", priority: 0, fetches: ["climb 2025-03-01", "swim 2025-03-01"] },
      { kind: "backfill", priority: 0, fetches: ["climb 2025-03-02", "swim 2025-03-02"] },
    ]);
  });

  it("of an announcement are tried a few more times, as urgently as the announced data", async () => {
    expect(await create("announced", day("2025-03-01"))).toMatchObject([
      { kind: "second-look", priority: 3 },
    ]);
  });

  it("are none if the part leads nowhere, is of another resource, or the person did not grant it", async () => {
    expect(await create("backfill", day("none"), { resource: "note", key: "2025-03-01", value: {} })).toEqual(
      [],
    );
    expect((await create("backfill", day("2025-03-01")))[0]?.fetches).not.toContain("sauna 2025-03-01");
  });
});
