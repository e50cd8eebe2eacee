/** Odd bodies that still carry data: the readable data is in the records, and what cannot be read is shown. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { daysAgo, exercise } from "./support/polar-bodies.ts";
import { settled, uploadQuietly } from "./support/sync.ts";
import { type System, startSystem } from "./support/system.ts";
import { waitFor } from "./support/wait.ts";

type Json = ReturnType<typeof JSON.parse>;

let system: System;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.close());

async function recordsOf(userId: string, type: string): Promise<Json[]> {
  const range = "start_date=2020-01-01&to_webhook=false&with_samples=true";
  return ((await (await system.read(`/v2/${type}?user_id=${userId}&${range}`)).json()) as Json).data;
}

it("two weights on one day are two measurements, and a repetition adds none", async () => {
  const person = await system.connect("weigher");
  const day = daysAgo(2);
  const weigh = (time: string, weight: number) =>
    system.upload(person, "physical-info", { weight, height: 180, modified: `${day}T${time}Z` });
  const weights = async () => {
    const [body] = await recordsOf(person.userId, "body");
    return body?.measurements_data.measurements.map((one: Json) => [
      one.measurement_time.slice(11, 19),
      one.weight_kg,
    ]);
  };
  const found = (wanted: unknown) =>
    waitFor("the weights", async () => JSON.stringify(await weights()) === JSON.stringify(wanted));
  await weigh("06:30:00", 70.5);
  await found([["06:30:00", 70.5]]);
  await weigh("06:31:00", 70.4);
  const both = [
    ["06:30:00", 70.5],
    ["06:31:00", 70.4],
  ];
  await found(both);
  await weigh("20:00:00", 71);
  await weigh("20:00:00", 71.2);
  await found([...both, ["20:00:00", 71.2]]);
  expect(await recordsOf(person.userId, "body")).toHaveLength(1);
  // Rebuilt from the stored bodies, nothing differs.
  const started = await system.admin("POST", "/renormalizations", { all: true });
  const { id } = (await started.json()) as Json;
  const done = await waitFor("the rebuild", async () => {
    const job: Json = await (await system.admin("GET", `/renormalizations/${id}`)).json();
    return job.state === "done" && job;
  });
  expect(done.types.body).toMatchObject({ changed: 0, new: 0 });
  expect(await weights()).toEqual([...both, ["20:00:00", 71.2]]);
});

it("a leaf that cannot be read is null, counted, and shown with its path and a body", async () => {
  const person = await system.connect("odd");
  const odd = { calories: { kcal: 4 }, duration: "about a minute", detailed_sport_info: 7 };
  await system.upload(person, "exercises", exercise("odd1", odd));
  const [activity] = await waitFor("the workout", async () => {
    const found = await recordsOf(person.userId, "activity");
    return found.length > 0 && found;
  });
  expect(activity.calories_data.total_burned_calories).toBeNull();
  // Three samples, one a second: they tell when it ended; its duration is not stated.
  expect(activity.metadata.end_time).toBe(`${daysAgo(3)}T10:00:03.000000+02:00`);
  expect(activity.active_durations_data.activity_seconds).toBeNull();
  const shown = await waitFor("the leaves", async () => {
    const answer = await system.admin("GET", "/providers/polar/unknown-leaves");
    const leaves = ((await answer.json()) as Json).data.filter(
      ({ kind, resource }: Json) => kind === "unreadable" && resource === "exercise",
    );
    return leaves.length >= 2 && leaves;
  });
  expect(shown.map(({ path }: Json) => path).sort()).toEqual(["calories", "detailed_sport_info", "duration"]);
  const raw = await fetch(`${system.server.url}${shown[0].raw}`, {
    headers: { authorization: `Bearer ${system.server.adminToken}` },
  });
  expect(await raw.text()).toContain("about a minute");
  const metrics = await (await fetch(`${system.server.url}/metrics`)).text();
  expect(metrics).toMatch(/systole_unreadable_leaves_total\{provider="polar",resource="exercise"\} [1-9]/);
});

it("a list item without any time is reported once, and the task of its list is done", async () => {
  const person = await system.connect("nameless");
  await settled(system);
  const recording = (start_time: string) => ({
    source_device_id: "TEST",
    measurement_type: "TM_SKIN_TEMPERATURE",
    start_time,
    samples: [{ temperature_celsius: 33.5, recording_time_delta_milliseconds: 0 }],
  });
  const list = [
    recording(`${daysAgo(1)}T02:00:00`),
    recording(`${daysAgo(1)} at night`),
    recording(`${daysAgo(2)}T02:00:00`),
  ];
  await uploadQuietly(system, person, "biosensing/bodytemperature", list);
  const orders = () =>
    system.query(
      `SELECT state, attempts, code, kind FROM fetch_tasks WHERE user_id = $1
        AND fetches @> '[{"resource":"body-temperature"}]' AND (kind = 'reconcile' OR state = 'failed')
        ORDER BY task_id`,
      [person.userId],
    );
  for (const round of [1, 2]) {
    await system.reconcile(["body-temperature"]);
    await settled(system);
    const told = { state: "failed", attempts: 0, code: "PROVIDER_BODY_INVALID", kind: "file" };
    const done = { state: "done", attempts: 1, code: null, kind: "reconcile" };
    expect(await orders()).toEqual(expect.arrayContaining([told, ...Array(round).fill(done)]));
    expect(await orders()).toHaveLength(round + 1);
  }
  expect(await recordsOf(person.userId, "body")).toHaveLength(2);
  const sync: Json = await (await system.admin("GET", `/users/${person.userId}/sync`)).json();
  const shown = sync.resources.find(({ resource }: Json) => resource === "body-temperature");
  expect(shown).toMatchObject({ trouble: { code: "PROVIDER_BODY_INVALID", state: "failed" } });
  expect(shown.asked_until).not.toBeNull();
  const metrics = await (await fetch(`${system.server.url}/metrics`)).text();
  expect(metrics).toMatch(
    /systole_provider_bodies_refused_total\{provider="polar",resource="body-temperature",code="PROVIDER_BODY_INVALID"\} 2/,
  );
});
