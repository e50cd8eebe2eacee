import { describe, expect, it } from "vitest";
import { cairnWith, single } from "../../test/support/cairn.ts";
import { CairnPerson } from "../../test/support/cairn-person.ts";
import type { ErrorCode } from "../errors.ts";
import { type Part, ProviderError } from "../providers/provider.ts";
import { createFileTasks, createLaterFiles, filesOf, isFinalForFile, isRefusedFile } from "./files.ts";
import { ConnectionGone } from "./run.ts";

const person = new CairnPerson();
const provider = cairnWith(
  {
    followUps: ({ key, value }: Part) =>
      Array.from({ length: Number(value) }, (_, index) => ({ resource: "file", key: `${key} ${index}` })),
  },
  single("file"),
);
const about = { provider, connection: { chosen_types: null, consents: null, apis: null, scopes: null } };
const day = (key: string, files: number): Part => ({ resource: "day", key, value: files });
const keysOf = (fetches: readonly { key: string }[]) => fetches.map(({ key }) => key);

describe("the files of a thing", () => {
  it("are those that its resource names, at most eight", () => {
    expect(keysOf(filesOf(about, day("a", 2)))).toEqual(["a 0", "a 1"]);
    expect(filesOf(about, day("a", 9))).toHaveLength(8);
    expect(filesOf(about, { resource: "note", key: "a", value: 1 })).toEqual([]);
  });

  it("are left out in formats that are not kept, where one is there that is", () => {
    const formatted = cairnWith(
      {
        followUps: ({ key, value }: Part) =>
          String(value)
            .split(" ")
            .map((resource) => ({ resource, key })),
      },
      { ...single("f"), fileFormat: "fit" },
      { ...single("t"), fileFormat: "tcx" },
      { ...single("g"), fileFormat: "gpx" },
      single("other"),
    );
    const kept = (names: string, keepFiles?: readonly string[]) => {
      const about = {
        provider: formatted,
        connection: { chosen_types: null, consents: null, apis: null, scopes: null },
        deps: { ...(keepFiles && { keepFiles }) },
      };
      return filesOf(about, { resource: "day", key: "a", value: names }).map(({ resource }) => resource);
    };
    expect(kept("f t g other")).toEqual(["f", "t", "g", "other"]);
    expect(kept("f t g other", ["fit"])).toEqual(["f", "other"]);
    expect(kept("f t g", ["tcx", "gpx"])).toEqual(["t", "g"]);
    // It has none that is kept.
    expect(kept("t g", ["fit"])).toEqual(["t", "g"]);
  });

  it("of a list are one task for each thing; for a thing requested by name there is none", async () => {
    const run = await person.run({ kind: "announced" }, { provider });
    const parts = [day("2025-03-01", 1), day("2025-03-03", 2), day("2025-03-02", 0), day("asked", 1)];
    await person.store.db
      .transaction()
      .execute((tx) => createFileTasks(tx, run, { resource: "day", key: "asked" }, parts));
    const made = await person.tasks(run.task);
    expect(made.map(({ kind, fetches }) => [kind, keysOf(fetches)])).toEqual([
      ["file", ["2025-03-01 0"]],
      ["file", ["2025-03-03 0", "2025-03-03 1"]],
    ]);
    // With the rank of what they belong to.
    expect(made.map(({ priority }) => priority)).toEqual([3, 3]);
  });

  it("that could not be fetched just now are tried together in a minute", async () => {
    const run = await person.run({}, { provider });
    await createLaterFiles(
      run,
      ["a", "b"].map((key) => ({ resource: "file", key })),
    );
    const [task, ...others] = await person.tasks(run.task);
    expect([others, keysOf(task?.fetches ?? [])]).toEqual([[], ["a", "b"]]);
    const [job] = await person.jobs();
    expect(Math.round(job?.inSeconds ?? 0)).toBe(60);
  });

  it("are not tried for an erased person; without any there is nothing to do", async () => {
    const run = await person.run({}, { provider });
    await createLaterFiles(run, []);
    expect(await person.tasks(run.task)).toEqual([]);
    await person.leave();
    await expect(createLaterFiles(run, [{ resource: "file", key: "a" }])).rejects.toBeInstanceOf(
      ConnectionGone,
    );
  });
});

describe("the result of a file", () => {
  it.each<[ErrorCode, "later" | "never", boolean, boolean]>([
    ["PROVIDER_RESOURCE_MISSING", "later", true, false],
    ["PROVIDER_BODY_INVALID", "later", true, true],
    ["PROVIDER_BODY_TOO_LARGE", "never", true, true],
    ["PROVIDER_BODY_UNPARSABLE", "never", true, true],
    // Its parser died once: the next try may succeed.
    ["PROVIDER_BODY_UNPARSABLE", "later", false, false],
    ["PROVIDER_REFUSED", "never", true, false],
    ["PROVIDER_UNAVAILABLE", "later", false, false],
    ["PROVIDER_RATE_LIMITED", "later", false, false],
    // The person may connect again.
    ["PROVIDER_UNAUTHORIZED", "never", false, false],
  ])("%s, to be tried %s: final %s, came and cannot be read %s", (code, retry, isFinal, isRefused) => {
    const error = new ProviderError(code, retry, {});
    expect([isFinalForFile(error), isRefusedFile(error)]).toEqual([isFinal, isRefused]);
  });

  it("does not follow from a bug of ours", () => {
    expect([isFinalForFile(new Error("x")), isRefusedFile(new Error("x"))]).toEqual([false, false]);
  });
});
