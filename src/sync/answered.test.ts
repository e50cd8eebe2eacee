import { beforeEach, describe, expect, it } from "vitest";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { ErrorCode } from "../errors.ts";
import { ProviderError } from "../providers/provider.ts";
import { type Coverage, forgetCovered, listCoverage, openCoverage } from "../store/coverage.ts";
import type { TaskFetch, TaskKind } from "../store/tables.ts";
import { askUntilToday, isPastReach, noteAnswered } from "./answered.ts";
import { ConnectionGone } from "./run.ts";

const hourMs = 3_600_000;
const person = new CairnPerson();
const now = new Date("2025-03-10T08:00:00Z");
beforeEach(() => openCoverage(person.store.db, person.id, [{ resource: "day", everyMs: 8 * hourMs }]));

const covering = (from: string, to: string): TaskFetch => ({
  resource: "day",
  key: `${from}..${to}`,
  covers: { resource: "day", from, to },
});
async function read(): Promise<Coverage> {
  const [first] = await listCoverage(person.store.db, person.id);
  if (first === undefined) throw new Error("no coverage was opened");
  return first;
}
const answer = async (
  fetch: TaskFetch,
  {
    kind = "backfill" as TaskKind,
    gaps = 0,
    entries = null as Parameters<typeof noteAnswered>[1][number]["entries"],
  } = {},
) => noteAnswered(await person.run({ kind }), [{ fetch, entries, gaps, isEmpty: false }], now);

describe("answered days", () => {
  it("are known up to today, though tomorrow was requested: it has hardly begun anywhere", async () => {
    await answer(covering("2025-03-05", "2025-03-11"));
    expect(await read()).toMatchObject({ days: [{ from: "2025-03-05", to: "2025-03-10" }], askedUntil: now });
  });

  it.each([
    ["today", "2025-03-10", now],
    ["yesterday, after a task that waited over midnight", "2025-03-09", new Date("2025-03-10T00:00:00Z")],
    ["two days ago", "2025-03-08", new Date("2025-03-09T00:00:00Z")],
    ["further back, which says nothing of what is new", "2025-03-07", null],
  ])("are all that is new where they end %s", async (_, to, askedUntil) => {
    await answer(covering("2025-03-01", to));
    expect((await read()).askedUntil).toEqual(askedUntil);
  });

  it("are none when only tomorrow was requested", async () => {
    await answer(covering("2025-03-11", "2025-03-11"));
    expect(await read()).toMatchObject({ days: [], askedUntil: now });
  });

  it("are not known from an answer that may be older than what was left out meanwhile", async () => {
    await forgetCovered(person.store.db, person.id, ["day"]);
    await answer(covering("2025-03-01", "2025-03-10"));
    expect(await read()).toMatchObject({ days: [], askedUntil: null });
  });

  it("do not follow from a request by name", async () => {
    await answer({ resource: "day", key: "2025-03-10" });
    expect(await read()).toMatchObject({ days: [], askedUntil: null });
  });

  it.each<[string, Parameters<typeof answer>[1], number]>([
    ["reconciliation found nothing", { kind: "reconcile" }, 12],
    ["reconciliation found gaps", { kind: "reconcile", gaps: 1 }, 8],
    [
      "an index lists what is not held",
      { kind: "reconcile", entries: [{ resource: "day", key: "a", fingerprint: "1" }] },
      8,
    ],
    ["somebody else looked", { kind: "refresh" }, 8],
  ])("make the next look later only where all was known: %s", async (_, given, hours) => {
    await answer(covering("2025-03-01", "2025-03-10"), given);
    expect((await read()).reconcileEveryMs).toBe(hours * hourMs);
  });

  it("are known together with the task for what an index lists besides", async () => {
    const run = await person.run({ kind: "reconcile" });
    const entries = [{ resource: "day", key: "listed", fingerprint: "1" }];
    await noteAnswered(
      run,
      [{ fetch: covering("2025-03-01", "2025-03-10"), entries, gaps: 0, isEmpty: false }],
      now,
    );
    expect((await person.tasks(run.task)).map(({ fetches }) => fetches[0]?.key)).toEqual(["listed"]);
    expect((await read()).days).toHaveLength(1);
  });

  it("of an erased person are not noted", async () => {
    const run = await person.run();
    await person.leave();
    const noted = noteAnswered(
      run,
      [{ fetch: covering("2025-03-01", "2025-03-10"), entries: null, gaps: 0, isEmpty: false }],
      now,
    );
    await expect(noted).rejects.toBeInstanceOf(ConnectionGone);
  });
});

describe("a range that is refused", () => {
  const until = async (fetch: TaskFetch) => {
    const run = await person.run({ kind: "reconcile" });
    const asked = await askUntilToday(run, fetch, now);
    return { asked, made: (await person.tasks(run.task)).map(({ kind, fetches }) => ({ kind, fetches })) };
  };

  it("is requested again up to today, with the same kind, if it reached beyond", async () => {
    expect(await until(covering("2025-03-05", "2025-03-11"))).toEqual({
      asked: true,
      made: [{ kind: "reconcile", fetches: [covering("2025-03-05", "2025-03-10")] }],
    });
  });

  it.each<[string, TaskFetch]>([
    ["ended today", covering("2025-03-05", "2025-03-10")],
    ["was of tomorrow alone", covering("2025-03-11", "2025-03-11")],
    ["was asked for by its name", { resource: "day", key: "2025-03-10" }],
    [
      "is of a resource that is never discovered",
      {
        ...covering("2025-03-05", "2025-03-11"),
        covers: { resource: "note", from: "2025-03-05", to: "2025-03-11" },
      },
    ],
  ])("has nothing shorter where it %s", async (_, fetch) => {
    expect(await until(fetch)).toEqual({ asked: false, made: [] });
  });
});

describe("days that a provider no longer keeps", () => {
  const isAnswer = (code: ErrorCode, fetch: TaskFetch) =>
    isPastReach(new ProviderError(code, "never", {}), fetch, now);

  it("count as answered if they are old and the provider says so", () => {
    expect(isAnswer("PROVIDER_OUT_OF_REACH", covering("2025-01-01", "2025-03-08"))).toBe(true);
    expect(isAnswer("PROVIDER_REFUSED", covering("2025-01-01", "2025-03-08"))).toBe(false);
  });

  it("never include yesterday or today, or a thing requested by its name", () => {
    expect(isAnswer("PROVIDER_OUT_OF_REACH", covering("2025-01-01", "2025-03-09"))).toBe(false);
    expect(isAnswer("PROVIDER_OUT_OF_REACH", { resource: "day", key: "2025-01-01" })).toBe(false);
    expect(isPastReach(new Error("x"), covering("2025-01-01", "2025-01-02"), now)).toBe(false);
  });
});
