import { describe, expect, it } from "vitest";
import { cairnWith, single } from "../../test/support/cairn.ts";
import { CairnPerson, noteReply } from "../../test/support/cairn-person.ts";
import type { Behaviour } from "../providers/kit/testing/server.ts";
import type { Part } from "../providers/provider.ts";
import type { TaskFetch } from "../store/tables.ts";
import { fetchAll } from "./fetch-all.ts";
import type { FetchResults } from "./fetch-results.ts";

const person = new CairnPerson();

const day = (key = "2025-03-01"): TaskFetch => ({ resource: "day", key });
const note = (key = "2025-03-01"): TaskFetch => ({ resource: "note", key });
const codes = ({ failed }: FetchResults) =>
  failed.map(({ fetch, error }) => [`${fetch.resource} ${fetch.key}`, (error as { code?: string }).code]);
const gone: Behaviour = { status: 404 };
const broken: Behaviour = { status: 503 };

describe("the files of a thing requested by its name", () => {
  const file = single("file");
  const refs = ({ key, value }: Part) =>
    Array.from({ length: Number((value as { files?: number }).files ?? 0) }, (_, index) => ({
      resource: "file",
      key: `${key}-${index + 1}`,
    }));
  const provider = cairnWith({ followUps: refs as never }, file);
  const withFiles = (files: number, steps = 1): Behaviour => ({
    status: 200,
    body: { days: [{ day: "2025-03-01", steps, files }] },
  });
  const fetchDay = async () => fetchAll(await person.run({ fetches: [day()] }, { provider }));
  const filesAsked = () => person.asked().filter((path) => path.startsWith("/file/"));

  it("are fetched with it when it is new; when it is unchanged, only the missing ones", async () => {
    person.serve({ "/day/2025-03-01": withFiles(2), "/file/2025-03-01-1": noteReply("1") });
    const first = await fetchDay();
    expect(first.fetched.flatMap(({ parts }) => parts.map(({ key }) => key))).toEqual([
      "2025-03-01",
      "2025-03-01-1",
    ]);
    expect(filesAsked()).toEqual(["/file/2025-03-01-1", "/file/2025-03-01-2"]);
    person.serve({ "/day/2025-03-01": withFiles(2), "/file/2025-03-01-2": noteReply("2") });
    await fetchDay();
    expect(filesAsked()).toEqual(["/file/2025-03-01-2"]);
    person.serve({ "/day/2025-03-01": withFiles(2, 7) });
    await fetchDay();
    expect(filesAsked()).toHaveLength(2);
  });

  it("never delay it: one does not exist, one cannot be read, one comes later", async () => {
    person.serve({
      "/day/2025-03-01": withFiles(3),
      "/file/2025-03-01-1": gone,
      "/file/2025-03-01-2": { status: 200, body: "no JSON" },
      "/file/2025-03-01-3": broken,
    });
    const { fetched, failed, refused, later } = await fetchDay();
    expect(fetched.map(({ parts }) => parts.length)).toEqual([1]);
    expect(failed).toEqual([]);
    expect(refused.map(({ ref }) => ref.key)).toEqual(["2025-03-01-2"]);
    expect(later.map(({ key }) => key)).toEqual(["2025-03-01-3"]);
  });

  it("are at most eight", async () => {
    person.serve({ "/day/2025-03-01": withFiles(30) });
    await fetchDay();
    expect(filesAsked()).toHaveLength(8);
  });

  it("that are refused with the person are a failure of the thing", async () => {
    person.serve({ "/day/2025-03-01": withFiles(1), "/file/2025-03-01-1": { status: 403 } });
    expect(codes(await fetchDay())).toEqual([["day 2025-03-01", "PROVIDER_FORBIDDEN"]]);
  });

  it("are fetched again where a try ended between a change of it and its files", async () => {
    const announced = { kind: "announced", fetches: [day(), note()] } as const;
    const files = { "/file/2025-03-01-1": noteReply("1"), "/file/2025-03-01-2": noteReply("2") };
    person.serve({ "/day/2025-03-01": withFiles(2), "/note/2025-03-01": noteReply("n"), ...files });
    const run = await person.run(announced, { provider });
    await fetchAll(run);
    person.serve({
      "/day/2025-03-01": withFiles(2, 7),
      "/note/2025-03-01": broken,
      "/file/2025-03-01-1": broken,
      "/file/2025-03-01-2": noteReply("2"),
    });
    await expect(fetchAll(run)).rejects.toMatchObject({ code: "PROVIDER_UNAVAILABLE" });
    person.serve({ "/day/2025-03-01": withFiles(2, 7), "/note/2025-03-01": noteReply("n"), ...files });
    await fetchAll(run);
    expect(filesAsked()).toEqual(["/file/2025-03-01-1"]);
  });
});

describe("files in formats that are not kept", () => {
  const formats = ["fit", "tcx", "gpx"].map((name) => ({ ...single(name), fileFormat: name }));
  const refs = ({ key }: Part) => formats.map(({ name }) => ({ resource: name, key }));
  const provider = cairnWith({ followUps: refs as never }, ...formats);
  const thing: Behaviour = { status: 200, body: { days: [{ day: "2025-03-01", steps: 1 }] } };
  const filesAsked = () => person.asked().filter((path) => !path.startsWith("/day/"));
  const at = (...names: readonly string[]) => names.map((name) => `/${name}/2025-03-01`);
  const keeping = (keepFiles: readonly string[]) => ({ provider, deps: { keepFiles } });
  const fetchDay = async (keepFiles: readonly string[]) =>
    fetchAll(await person.run({ fetches: [day()] }, keeping(keepFiles)));
  const served = (names: readonly string[], others: Readonly<Record<string, Behaviour>> = {}) =>
    person.serve({
      "/day/2025-03-01": thing,
      ...Object.fromEntries(at(...names).map((path) => [path, noteReply("n")])),
      ...others,
    });

  it("are not asked for where one is there that is kept", async () => {
    served(["fit", "tcx", "gpx"]);
    await fetchDay(["fit"]);
    expect(filesAsked()).toEqual(at("fit"));
  });

  it.each<[string, Behaviour]>([
    ["does not exist", gone],
    ["cannot be read", { status: 200, body: "no JSON" }],
  ])("are fetched instead of one that %s, and not again when they are there", async (_, answer) => {
    served(["tcx", "gpx"], { "/fit/2025-03-01": answer });
    expect((await fetchDay(["fit"])).fetched).toHaveLength(3);
    expect(filesAsked()).toEqual(at("fit", "tcx", "gpx"));
    served(["tcx", "gpx"], { "/fit/2025-03-01": answer });
    await fetchDay(["fit"]);
    expect(filesAsked()).toEqual(at("fit"));
  });

  it("wait where the kept one may still come, or another kept one is there", async () => {
    served(["tcx", "gpx"], { "/fit/2025-03-01": broken });
    const { later } = await fetchDay(["fit"]);
    expect(filesAsked()).toEqual(at("fit"));
    served(["tcx"]);
    // The next try of the file by itself.
    await fetchAll(await person.run({ kind: "file", fetches: later }, keeping(["fit"])));
    expect(filesAsked()).toEqual(at("fit", "tcx", "gpx"));
    served(["tcx", "gpx"]);
    await fetchDay(["fit", "tcx"]);
    expect(filesAsked()).not.toContain("/gpx/2025-03-01");
  });
});
