import { describe, expect, it } from "vitest";
import { cairnWith, single } from "../../test/support/cairn.ts";
import { CairnPerson, daysReply, noteReply } from "../../test/support/cairn-person.ts";
import { readRawPayload } from "../store/raw-payloads.ts";
import { ConnectionGone } from "../sync/run.ts";
import { fetchResource } from "./fetch.ts";

const person = new CairnPerson();
const march = { resource: "day", key: "2025-03" };

describe("a fetched resource", () => {
  it("is kept byte for byte, with its request and without its token, and is split into its parts", async () => {
    const body = '{ "days": [{"day":"2025-03-01","steps":1},\n{"day":"2025-03-02","steps":2}] }';
    person.serve({ "/day/2025-03": { status: 200, body } });
    const run = await person.run();
    const [page, ...others] = (await fetchResource(run, march)).pages;
    expect(others).toEqual([]);
    expect(page?.parts.map(({ key }) => key)).toEqual(["2025-03-01", "2025-03-02"]);
    expect(page).toMatchObject({ refused: null, gaps: 0, entries: null, changed: page?.parts });
    const [kept] = await person.bodies();
    expect(kept).toEqual({ of: "day 2025-03", rawPayloadId: page?.rawPayloadId, path: "/day/2025-03" });
    const bytes = await readRawPayload(person.store, person.id, kept?.rawPayloadId ?? "");
    expect(bytes?.toString()).toBe(body);
    expect(person.server.asked[0]?.headers.authorization).toBe("Bearer token");
  });

  it("is kept and split page by page, including an empty page", async () => {
    person.serve({
      "/day/2025-03": daysReply({ "2025-03-01": 1 }, "2"),
      "/day/2025-03?after=2": daysReply({}, "3"),
      "/day/2025-03?after=3": daysReply({ "2025-03-03": 3 }),
    });
    const { pages } = await fetchResource(await person.run(), march);
    expect(pages.map(({ parts }) => parts.map(({ key }) => key))).toEqual([
      ["2025-03-01"],
      [],
      ["2025-03-03"],
    ]);
    expect((await person.bodies()).map(({ path }) => path)).toEqual([
      "/day/2025-03",
      "/day/2025-03?after=2",
      "/day/2025-03?after=3",
    ]);
  });

  it("whose pages lead back to an earlier one ends there; the pages before are kept", async () => {
    person.serve({
      "/day/2025-03": daysReply({ "2025-03-01": 1 }, "2"),
      "/day/2025-03?after=2": daysReply({ "2025-03-02": 2 }, "2"),
    });
    const { pages, rest, endless } = await fetchResource(await person.run(), march);
    expect(endless).toMatchObject({
      code: "PROVIDER_PAGES_ENDLESS",
      retry: "never",
      details: { resource: "day", key: "2025-03", pages: 2 },
    });
    expect(rest).toBeNull();
    expect(pages.flatMap(({ parts }) => parts.map(({ key }) => key))).toEqual(["2025-03-01", "2025-03-02"]);
    expect(person.asked()).toEqual(["/day/2025-03", "/day/2025-03?after=2"]);
    expect(await person.bodies()).toHaveLength(2);
  });

  it("whose next page is the same one ends there, even if its address is another", async () => {
    const same = { day: "2025-03-01", steps: 1 };
    const provider = cairnWith({
      nextPage: (request) => ({ ...request, path: `${request.path}+` }),
    });
    person.server.script = () => ({ status: 200, body: { days: [same] } });
    const { pages, endless } = await fetchResource(await person.run({}, { provider }), march);
    expect(endless).toMatchObject({ details: { pages: 2, reason: "a page is the same as an earlier one" } });
    expect(pages.flatMap(({ changed }) => changed.map(({ key }) => key))).toEqual(["2025-03-01"]);
  });

  it("has so many pages at most, also if the limits interrupt them", async () => {
    let page = 0;
    const provider = cairnWith({
      mostPages: 5,
      nextPage: (request) => ({ ...request, path: `${request.path}+` }),
    });
    person.server.script = () => ({ status: 200, body: { days: [{ day: "2025-03-01", steps: ++page }] } });
    const whole = await fetchResource(await person.run({}, { provider }), march);
    expect([whole.pages.length, whole.endless?.code]).toEqual([5, "PROVIDER_PAGES_ENDLESS"]);
    const going = { ...march, page: { method: "GET", path: "/day/2025-03++" } as const, pagesRead: 3 };
    const rest = await fetchResource(await person.run({}, { provider }), going);
    expect([rest.pages.length, rest.endless?.details.pages]).toEqual([2, 5]);
  });

  it("has no parts and stores nothing if the provider says that there is nothing", async () => {
    person.serve({ "/note/a": { status: 204 } });
    const { pages } = await fetchResource(await person.run(), { resource: "note", key: "a" });
    expect(pages).toEqual([]);
    expect(await person.bodies()).toEqual([]);
  });

  it("with the same content has not changed", async () => {
    person.serve({ "/day/2025-03": daysReply({ "2025-03-01": 1, "2025-03-02": 2 }) });
    const run = await person.run();
    await fetchResource(run, march);
    person.serve({ "/day/2025-03": daysReply({ "2025-03-01": 1, "2025-03-02": 20, "2025-03-03": 3 }) });
    const [again] = (await fetchResource(run, march)).pages;
    expect(again?.changed.map(({ key }) => key).sort()).toEqual(["2025-03-02", "2025-03-03"]);
  });

  it("is an internal error if no call serves it, or it is unknown", async () => {
    const { request: _, ...pushed } = single("pushed");
    const run = await person.run({}, { provider: { ...cairnWith({}), resources: [pushed] } });
    for (const resource of ["pushed", "unknown"]) {
      await expect(fetchResource(run, { resource, key: "a" })).rejects.toMatchObject({ code: "INTERNAL" });
    }
    expect(person.asked()).toEqual([]);
  });
});

describe("a body that cannot be read", () => {
  const counted: string[] = [];
  const bodyRefused = (...said: string[]) => void counted.push(said.join(" "));

  it("is kept all the same, counted and logged without its content, and then thrown", async () => {
    counted.splice(0);
    person.serve({ "/day/2025-03": { status: 200, body: '{"days": "a private matter"}' } });
    const run = await person.run({}, { deps: { bodyRefused } });
    await expect(fetchResource(run, march)).rejects.toMatchObject({ code: "PROVIDER_BODY_INVALID" });
    const [kept] = await person.bodies();
    expect(kept?.of).toBe("day 2025-03");
    expect(counted).toEqual(["cairn day PROVIDER_BODY_INVALID"]);
    const [line] = person.lines.filter(({ msg }) => msg === "a body cannot be read");
    expect(line).toMatchObject({ raw_payload_id: kept?.rawPayloadId, key: "2025-03", trace_id: "trace" });
    expect(JSON.stringify(line)).not.toContain("private");
  });

  it("in one item of a list only is refused, and the other items are there", async () => {
    counted.splice(0);
    const days = [{ day: "2025-03-01", steps: 1 }, { day: "never" }];
    person.serve({ "/day/2025-03": { status: 200, body: { days } } });
    const [page] = (await fetchResource(await person.run({}, { deps: { bodyRefused } }), march)).pages;
    expect(page?.parts.map(({ key }) => key)).toEqual(["2025-03-01"]);
    expect(page?.refused).toMatchObject({ code: "PROVIDER_BODY_INVALID" });
    expect(counted).toEqual(["cairn day PROVIDER_BODY_INVALID"]);
  });
});

describe("a person who leaves during their fetch", () => {
  it("leaves nothing of the answer behind", async () => {
    const run = await person.run();
    person.serve({
      "/note/a": (response) =>
        void person.leave().then(() => {
          response.writeHead(200, { "content-type": "application/json" });
          response.end(JSON.stringify({ text: "too late" }));
        }),
    });
    await expect(fetchResource(run, { resource: "note", key: "a" })).rejects.toBeInstanceOf(ConnectionGone);
    expect(await person.bodies()).toEqual([]);
  });

  it("is not asked about at all when they have left before", async () => {
    const run = await person.run();
    person.serve({ "/note/a": noteReply("never") });
    await person.leave();
    await expect(fetchResource(run, { resource: "note", key: "a" })).rejects.toBeInstanceOf(ConnectionGone);
    expect(person.asked()).toEqual([]);
  });
});
