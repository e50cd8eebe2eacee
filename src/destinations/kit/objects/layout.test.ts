import { describe, expect, it } from "vitest";
import { dataTypes } from "../../../models/index.ts";
import { dataEvent, plainEvent } from "../../conformance/events.ts";
import { inFormat } from "../../conformance/formed.ts";
import { objectsOf } from "./content.ts";
import { itemsOf, root, sharedKey } from "./layout.ts";

const startTime = "2025-10-01T06:00:00.000000+02:00";
const userId = "3b1c2f9a-6a5e-4f5e-9a53-0a5a1b3f2c11";
const person = { userId };

const firstKeys = (...given: Parameters<typeof itemsOf>): (string | undefined)[] =>
  itemsOf(...given).map(({ keys: [first] }) => first);

describe("the keys of an event", () => {
  it.each(dataTypes)("have Terra's folder, the user and the start for %s", (type) => {
    const name = type === "athlete" ? userId : `${userId}-2025-10-01T06:00:00+02:00`;
    expect(firstKeys(dataEvent(type, [{ startTime }], person))).toEqual([`2022-03-16/${type}/${name}`]);
  });

  it("are one for each record", () => {
    const other = "2025-10-02T06:00:00.000000";
    expect(firstKeys(dataEvent("sleep", [{ startTime }, { startTime: other }], person), "/a/b/")).toEqual([
      `a/b/2022-03-16/sleep/${userId}-2025-10-01T06:00:00+02:00`,
      `a/b/2022-03-16/sleep/${userId}-2025-10-02T06:00:00`,
    ]);
  });

  it("have the time of the event where it carries no record", () => {
    const orderingTimestamp = Date.UTC(2026, 2, 12, 6);
    const time = { orderingTimestamp };
    expect(firstKeys(plainEvent("auth", { ...person, ...time }))).toEqual([
      `2022-03-16/auth/${userId}-2026-03-12T06:00:00Z`,
    ]);
    expect(firstKeys(plainEvent("auth_cancelled", { userId: null, ...time }))).toEqual([
      "2022-03-16/auth_cancelled/no-user-2026-03-12T06:00:00Z",
    ]);
  });

  it("get the natural key where another record has the first, and then the whole identity", () => {
    const [item] = itemsOf(dataEvent("sleep", [{ startTime, naturalKey: "night/1" }], person));
    const [first, second, third] = item?.keys ?? [];
    expect(second).toBe(`${first}-night%2F1`);
    expect(third).toBe(`${first}~${item?.identity}`);
  });

  it("stay inside the folder and are never too long", () => {
    for (const hostile of ["../../../x", "a/b", "\u0000\n", "é".repeat(2_000), "", "."]) {
      const record = { naturalKey: hostile, startTime: hostile };
      for (const { keys } of itemsOf(dataEvent("sleep", [record], { userId: hostile }), "x".repeat(200))) {
        for (const key of keys) {
          expect(key).toMatch(/^x+\/2022-03-16\/sleep\/[!-~]+$/);
          expect(key.split("/")).toHaveLength(4);
          expect(Buffer.byteLength(key) + ".json.zst".length).toBeLessThanOrEqual(1_024);
        }
      }
    }
  });
});

it("person, type and natural key identify a record", () => {
  const identity = (type: "sleep" | "activity", user: string, naturalKey: string) =>
    itemsOf(dataEvent(type, [{ naturalKey }], { userId: user }))[0]?.identity;
  const all = [
    identity("sleep", "a", "b"),
    identity("activity", "a", "b"),
    identity("sleep", "a", "c"),
    identity("sleep", "ab", ""),
  ];
  expect(new Set(all).size).toBe(all.length);
  expect(identity("sleep", "a", "b")).toBe(all[0]);
});

it("slashes around a prefix make no difference", () => {
  expect([undefined, "", "/"].map((prefix) => root(prefix))).toEqual(Array(3).fill("2022-03-16"));
  expect(root("a//b/")).toBe("a/b/2022-03-16");
  expect(sharedKey({ ...dataEvent(), id: "../1" }, "a")).toBe("a/2022-03-16/payloads/%2E%2E%2F1.json");
});

describe("the objects of an event in another format", () => {
  const objects = async (name: "fhir" | "fit", type: "activity" | "sleep", compression: "none" | "gzip") => {
    const event = await inFormat(dataEvent(type, [{ startTime }], person), name);
    const [item] = itemsOf(event);
    const [object] = item === undefined ? [] : await objectsOf(item, compression);
    return { event, object };
  };

  it("end as the format says, with its content type", async () => {
    const key = `${userId}-2025-10-01T06:00:00+02:00`;
    const fhir = await objects("fhir", "sleep", "none");
    expect(fhir.object).toMatchObject({
      key: `2022-03-16/sleep/${key}.fhir.json`,
      contentType: "application/fhir+json",
      body: fhir.event.body,
    });
    const fit = await objects("fit", "activity", "none");
    expect(fit.object).toMatchObject({
      key: `2022-03-16/activity/${key}.fit`,
      contentType: "application/vnd.ant.fit",
      body: fit.event.body,
    });
  });

  it("end with the compression too", async () => {
    const { object } = await objects("fhir", "sleep", "gzip");
    expect([object?.key.endsWith(".fhir.json.gz"), object?.encoding]).toEqual([true, "gzip"]);
  });

  it("are one for each record, each in the format", async () => {
    const event = await inFormat(dataEvent("activity", [{}, {}]), "fit");
    const items = itemsOf(event);
    expect(items.map((item) => item.body().subarray(8, 12).toString("latin1"))).toEqual([".FIT", ".FIT"]);
  });

  it("are shared under a key of the format", async () => {
    const event = await inFormat(dataEvent("sleep"), "fhir");
    expect(sharedKey(event)).toBe(`2022-03-16/payloads/${event.id}.fhir.json`);
  });
});
