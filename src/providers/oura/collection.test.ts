import { describe, expect, it } from "vitest";
import { servedResourceOf } from "../conformance/subject.ts";
import { isServed } from "../provider.ts";
import { isDocumentId, nextPage } from "./collection.ts";
import oura from "./index.ts";

const pathOf = (resource: string, key: string): string =>
  servedResourceOf(oura, { resource, key }).request(key, "person").path;

describe("a request for days", () => {
  it("asks for one day more on each side, to the end of the last one", () => {
    expect(pathOf("sleep", "2025-05-12..2025-05-12")).toBe(
      "/v2/usercollection/sleep?start_date=2025-05-11&end_date=2025-05-13T23:59:59",
    );
    expect(pathOf("vo2-max", "2025-02-28..2025-03-01")).toBe(
      "/v2/usercollection/vO2_max?start_date=2025-02-27&end_date=2025-03-02T23:59:59",
    );
  });

  it("asks for whole days of samples in UTC", () => {
    expect(pathOf("heartrate", "2025-05-01..2025-05-30")).toBe(
      "/v2/usercollection/heartrate?start_datetime=2025-05-01T00:00:00Z&end_datetime=2025-05-31T00:00:00Z",
    );
  });
});

describe("pages", () => {
  const request = {
    method: "GET",
    path: "/v2/usercollection/sleep?start_date=2025-05-11&next_token=old",
  } as const;
  const answer = (body: unknown) => ({
    status: 200,
    contentType: null,
    body: Buffer.from(JSON.stringify(body)),
  });
  it("replace the former token, and keep the days", () => {
    expect(nextPage(request, answer({ data: [], next_token: "a&b=c" }))?.path).toBe(
      "/v2/usercollection/sleep?start_date=2025-05-11&next_token=a%26b%3Dc",
    );
  });
  it.each([{ data: [], next_token: null }, { data: [] }, { next_token: "" }, { next_token: 7 }, []])(
    "end with %j",
    (body) => expect(nextPage(request, answer(body))).toBeNull(),
  );

  it("are a hundred at most in every list, which is enough for what a call can have", () => {
    const lists = oura.resources.filter(isServed).filter(({ nextPage: hasPages }) => hasPages !== undefined);
    expect(lists.map(({ name, mostPages }) => [name, mostPages])).toEqual(
      lists.map(({ name }) => [name, 100]),
    );
    expect(lists).toHaveLength(18);
    const daysOf = (name: string) => lists.find((one) => one.name === name)?.discovery?.daysPerCall ?? 0;
    // The nights of two months, one in each page; samples by the thousand, as dense as in nine hours of workouts a day.
    expect(daysOf("sleep") + 2).toBeLessThanOrEqual(100);
    const samplesOfADay = 24 * 12 + (9 * 3_600) / 5;
    expect((daysOf("heartrate") * samplesOfADay) / 1_000).toBeLessThanOrEqual(100);
  });
});

it("takes no date for an id", () => {
  expect(["00000000-0000-4000-8000-000000000001", "2025-05-12", "a/b", ""].map(isDocumentId)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});
