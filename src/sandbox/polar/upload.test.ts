import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type Linked, startWorld, type World } from "./testing/world.ts";

let world: World;
let person: Linked;
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(async () => {
  await world.at("2025-10-02T09:00:00Z");
  person = await world.linked();
});
afterAll(() => world.close());

describe("PUT", () => {
  test("accepts one body, an array, or a list in Polar's envelope", async () => {
    const night = (date: string) => `{"date":"${date}","sleep_score":80}`;
    const stored = async (body: string) => (await world.put(person.id, "sleep", body)).json();
    expect(await stored(night("2025-10-01"))).toEqual({ stored: 1, notified: 0 });
    expect(await stored(`[${night("2025-09-30")}, ${night("2025-09-29")}]`)).toEqual({
      stored: 2,
      notified: 0,
    });
    expect(await stored(`{"nights": [${night("2025-09-28")}]}`)).toEqual({ stored: 1, notified: 0 });
    const list = await world.as(person, "/v3/users/sleep");
    expect(list.text).toBe(
      `{"nights":[${["28", "29", "30"].map((day) => night(`2025-09-${day}`))},${night("2025-10-01")}]}`,
    );
  });

  test("replaces a body with the same identity", async () => {
    await world.put(person.id, "exercises", { id: "a", start_time: "2025-10-01T10:00:00", calories: 1 });
    await world.put(person.id, "exercises", { id: "b", start_time: "2025-10-01T12:00:00" });
    await world.put(person.id, "exercises", { id: "a", start_time: "2025-10-01T10:00:00", calories: 2 });
    const list = JSON.parse((await world.as(person, "/v3/exercises")).text) as { id: string }[];
    expect(list.map(({ id }) => id)).toEqual(["b", "a"]);
    expect(list[1]).toMatchObject({ calories: 2 });
  });

  test("is refused with a reason", async () => {
    const refused = async (id: number, resource: string, body: string) => {
      const { status, json } = await world.put(id, resource, body);
      return [status, json().error];
    };
    expect(await refused(1, "sleep", "{}")).toEqual([404, expect.stringContaining("No sandbox user 1")]);
    expect(await refused(person.id, "naps", "{}")).toEqual([404, expect.stringContaining('"naps"')]);
    expect(await refused(person.id, "sleep", '{"date":')).toEqual([400, expect.stringContaining("not JSON")]);
    const undated = '[{"date":"2025-10-01"},{"date":"2025-13-01"}]';
    expect(await refused(person.id, "sleep", undated)).toEqual([400, expect.stringContaining("sleep[1]")]);
    expect(await refused(person.id, "exercises", "[3]")).toEqual([400, "exercises[0] is not an object"]);
    expect((await world.as(person, "/v3/users/sleep/2025-10-01")).status).toBe(404);
  });
});
