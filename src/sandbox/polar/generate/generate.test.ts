import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { GeneratedWorld } from "../testing/generated.ts";
import { type Linked, Receiver, until } from "../testing/world.ts";

let made: GeneratedWorld;
beforeAll(async () => {
  made = await GeneratedWorld.start();
});
afterAll(() => made.close());

describe("the call", () => {
  test("counts the stored bodies and pushes like a PUT, unless notify is false", async () => {
    const receiver = await Receiver.start();
    const events = ["EXERCISE", "SLEEP", "ACTIVITY_SUMMARY", "SLEEP_WISE_ALERTNESS"];
    await made.world.asClient("/v3/webhooks", { method: "POST", body: { url: receiver.url, events } });
    const other = await made.world.linked();
    const { stored, notified } = (await made.generate(other, { days: 7 })) as {
      stored: Record<string, number>;
      notified: number;
    };
    expect(stored).toMatchObject({ sleep: 8, activities: 8, "physical-info": 1, "biosensing/ecg": 1 });
    const expected = (stored.exercises ?? 0) + 8 + 8 + 1;
    expect([stored.exercises, notified]).toEqual([expect.any(Number), expected]);
    await until(() => receiver.received.length === expected + 1);
    expect(receiver.received).toHaveLength(expected + 1);
    expect((await made.generate(other, { days: 7, notify: false })).notified).toBe(0);
    await receiver.close();
  });

  test("refuses invalid requests", async () => {
    for (const body of [{ days: 0 }, { days: 366 }, { days: "many" }, { seed: 0.5 }]) {
      expect(await made.generate(made.person, body)).toEqual({ error: expect.any(String) });
    }
  });

  test("the same seed and day give the same data, however many days; another seed other data", async () => {
    const night = "/v3/users/sleep/2025-10-01";
    const other = await made.world.linked();
    const bodyOf = async (who: Linked) =>
      (await made.world.as(who, night)).text.replaceAll(String(who.id), "user");
    await made.generate(other, { days: 3, seed: 7 });
    expect(await bodyOf(other)).toBe(await bodyOf(made.person));
    await made.generate(other, { days: 3, seed: 8 });
    expect(await bodyOf(other)).not.toBe(await bodyOf(made.person));
  });

  test("ends with today so far", async () => {
    const today = (await made.list<{ start_time: string; end_time: string }>("/v3/users/activities")).at(-1);
    // 09:00 UTC is 11:00 for this person.
    expect(today).toMatchObject({ start_time: "2025-10-02T00:00", end_time: "2025-10-02T11:00" });
    const beats = (await made.world.as(made.person, "/v3/users/continuous-heart-rate/2025-10-02")).json();
    const last = (beats.heart_rate_samples as { sample_time: string }[]).at(-1)?.sample_time ?? "";
    expect(last > "10:40:00" && last < "11:00:00").toBe(true);
  });
});
