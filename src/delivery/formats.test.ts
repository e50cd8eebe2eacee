/** Deliveries of destinations that take FHIR or FIT, to a real receiver. */
import { randomUUID } from "node:crypto";
import { verifyTerraWebhookSignature } from "terra-api";
import { describe, expect, it } from "vitest";
import yauzl from "yauzl";
import { createWebhook, emit, newEvent, type TestWebhook } from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import type { ReceivedRequest } from "../../test/support/receiver.ts";
import { examples, exampleUser } from "../models/examples.fixture.ts";
import type { DataType } from "../models/index.ts";
import { updateDestination } from "../store/destinations.ts";
import type { DestinationFormat, WhenUnsupported } from "../store/tables.ts";
import type { NewEvent } from "./emit.ts";

const fixture = new DeliveryFixture();

interface Hook {
  readonly id: TestWebhook;
  requests(count: number): Promise<readonly ReceivedRequest[]>;
}

async function hook(format: DestinationFormat, whenUnsupported: WhenUnsupported = "terra"): Promise<Hook> {
  const receiver = await fixture.receive();
  const id = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
  await updateDestination(fixture.store.db, fixture.store.keyRing, id, { format, whenUnsupported });
  return { id, requests: (count) => receiver.received(count, 20_000) };
}

/** An event with as many records as there are natural keys. */
function recordsEvent(type: DataType, naturalKeys: readonly string[], change: object = {}): NewEvent {
  const record = { ...examples[type], ...change };
  const records = naturalKeys.map((naturalKey) => ({ type, naturalKey, revision: 3 }));
  const body = JSON.stringify({ type, user: exampleUser, data: naturalKeys.map(() => record) });
  return newEvent(fixture.environmentId, { type, records, body });
}

interface Bundle {
  readonly resourceType: string;
  readonly type: string;
  readonly entry: readonly {
    readonly resource?: { readonly resourceType: string };
    readonly request: { readonly method: string; readonly url: string };
  }[];
}
const bundleOf = ({ body }: ReceivedRequest) => JSON.parse(String(body)) as Bundle;
const typesOf = ({ entry }: Bundle) => entry.map(({ resource }) => resource?.resourceType);
const isFit = (body: Buffer) => body.subarray(8, 12).toString("latin1") === ".FIT";

async function attemptOfOnly() {
  const [row] = await fixture.settled(all("delivered"));
  const [attempt] = await fixture.attemptsOf(row);
  return attempt;
}

describe("a webhook in FHIR", () => {
  it("gets a transaction Bundle, signed as it is sent", async () => {
    const { id, requests } = await hook("fhir");
    const event = recordsEvent("daily", ["2026-03-01"]);
    await emit(fixture.store, [event]);
    await fixture.work();
    const [request] = await requests(1);
    const { headers, body } = request as ReceivedRequest;
    expect(headers).toMatchObject({
      "content-type": "application/fhir+json",
      "x-systole-event-type": "daily",
      "x-systole-user-id": event.userId,
      "x-systole-revision": "3",
    });
    expect(bundleOf(request as ReceivedRequest)).toMatchObject({
      resourceType: "Bundle",
      type: "transaction",
    });
    const signature = String(headers["terra-signature"]);
    expect(await verifyTerraWebhookSignature(body.toString("utf8"), signature, id.secret)).toBe(true);
    expect(await attemptOfOnly()).toMatchObject({ outcome: "delivered", status: 200 });
  });

  it("gets several records as one Bundle, with the Patient once", async () => {
    const { requests } = await hook("fhir");
    await emit(fixture.store, [recordsEvent("daily", ["2026-03-01", "2026-03-02"])]);
    await fixture.work();
    const [request] = await requests(1);
    const types = typesOf(bundleOf(request as ReceivedRequest));
    expect(types.filter((type) => type === "Patient")).toHaveLength(1);
    expect(types.filter((type) => type === "Observation").length % 2).toBe(0);
    expect(types).toContain("Observation");
  });

  it("deletes what the record had in the event before, and no samples that were only not asked for", async () => {
    const { requests } = await hook("fhir");
    const userId = randomUUID();
    const steps = { timestamp: "2026-03-01T12:00:00.000000+02:00", steps: 4_500 };
    const distance = { steps: 9_000, detailed: { step_samples: [steps] } };
    const scores = { scores: { recovery: 71 } };
    const changes = [
      { ...scores, distance_data: distance },
      { distance_data: { ...distance, detailed: { step_samples: [] } } },
    ];
    for (const [index, change] of changes.entries()) {
      const event = recordsEvent("daily", ["2026-03-01"], { stress_data: null, ...change });
      const records = [{ type: "daily", naturalKey: "2026-03-01", revision: index + 1 } as const];
      await emit(fixture.store, [{ ...event, userId, records }]);
      if (index === 0) await fixture.work();
      await requests(index + 1);
    }
    const [first, second] = (await requests(2)).map((request) => bundleOf(request));
    const urlsOf = (bundle: Bundle | undefined, method: string) =>
      (bundle?.entry ?? []).flatMap(({ request }) => (request.method === method ? request.url : []));
    expect(urlsOf(first, "DELETE")).toEqual([]);
    const deleted = urlsOf(second, "DELETE");
    expect(deleted).toHaveLength(1);
    expect(urlsOf(first, "PUT")).toContain(deleted[0]);
    expect(urlsOf(second, "PUT")).not.toContain(deleted[0]);
  });

  it("gets a birth date where the environment wants it, and not before", async () => {
    const { requests } = await hook("fhir");
    const profile = (): NewEvent => {
      const body = JSON.stringify({ type: "athlete", user: exampleUser, athlete: examples.athlete });
      const records = [{ type: "athlete", naturalKey: "athlete", revision: 1 } as const];
      return newEvent(fixture.environmentId, { type: "athlete", records, body });
    };
    for (const isWanted of [false, true]) {
      await fixture.store.db
        .updateTable("environments")
        .set({ fhir_birth_date: isWanted })
        .where("environment_id", "=", fixture.environmentId)
        .execute();
      await emit(fixture.store, [profile()]);
      if (!isWanted) await fixture.work();
      const sent = await requests(isWanted ? 2 : 1);
      const { entry } = bundleOf(sent.at(-1) as ReceivedRequest);
      expect(Object.hasOwn(entry[0]?.resource ?? {}, "birthDate")).toBe(isWanted);
    }
  });

  it("gets events without records as Terra's JSON", async () => {
    const { requests } = await hook("fhir");
    await emit(fixture.store, [newEvent(fixture.environmentId, { type: "auth", records: [], body: "{}" })]);
    await fixture.work();
    const [request] = await requests(1);
    expect([request?.headers["content-type"], String(request?.body)]).toEqual(["application/json", "{}"]);
    expect(request?.headers["x-systole-event-type"]).toBeUndefined();
  });

  it("has what could not be expressed named in the attempt, and the rest is sent", async () => {
    const { requests } = await hook("fhir");
    const change = { active_durations_data: { activity_seconds: -5, rest_seconds: 60 } };
    await emit(fixture.store, [recordsEvent("daily", ["2026-03-01"], change)]);
    await fixture.work();
    const [request] = await requests(1);
    expect(typesOf(bundleOf(request as ReceivedRequest))).toContain("Observation");
    expect((await attemptOfOnly())?.left_out).toContainEqual({
      record: "2026-03-01",
      field: "active_durations_data.activity_seconds",
      reason: "is below zero",
    });
  });
});

describe("a webhook in FIT", () => {
  it("gets a file", async () => {
    const { requests } = await hook("fit");
    await emit(fixture.store, [recordsEvent("activity", ["run-1"])]);
    await fixture.work();
    const [request] = await requests(1);
    expect(request?.headers["content-type"]).toBe("application/vnd.ant.fit");
    expect(isFit(request?.body as Buffer)).toBe(true);
  });

  it("gets several records as a ZIP file of files", async () => {
    const { requests } = await hook("fit");
    await emit(fixture.store, [recordsEvent("activity", ["run-1", "run/2"])]);
    await fixture.work();
    const [request] = await requests(1);
    expect(request?.headers["content-type"]).toBe("application/zip");
    const names: string[] = [];
    for await (const { fileName } of (await yauzl.fromBufferPromise(request?.body as Buffer)).eachEntry())
      names.push(fileName);
    expect(names).toEqual(["activity-run-1.fit", expect.stringMatching(/^activity-run-2-[0-9a-f]{8}\.fit$/)]);
  });

  it("gets a data type without a form in Terra's", async () => {
    const { requests } = await hook("fit");
    const event = recordsEvent("nutrition", ["2026-03-01"]);
    await emit(fixture.store, [event]);
    await fixture.work();
    const [request] = await requests(1);
    expect([request?.headers["content-type"], String(request?.body)]).toEqual([
      "application/json",
      event.body,
    ]);
  });

  it("gets nothing of such a type where it is to be left out, and the attempt says so", async () => {
    const { requests } = await hook("fit", "leave_out");
    await emit(fixture.store, [recordsEvent("nutrition", ["2026-03-01"])]);
    await fixture.work();
    expect(await attemptOfOnly()).toMatchObject({
      outcome: "delivered",
      request: null,
      left_out: [{ record: "2026-03-01", field: null, reason: "this nutrition has no form in FIT" }],
    });
    expect(await requests(0)).toEqual([]);
  });
});
