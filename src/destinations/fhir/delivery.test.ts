import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { deadline, failure } from "../conformance/bench.ts";
import { dataEvent, newUser, plainEvent, revised, type TestEvent } from "../conformance/events.ts";
import { inFormat } from "../conformance/formed.ts";
import { deliver, type Target } from "./delivery.ts";
import { type Kept, MemoryServer, outcome } from "./memory-server.fixture.ts";

/** A sender's target, whose shared resources count as made: those are tested by themselves. */
const target = (server: MemoryServer, transactionEntries = 500): Target => ({
  server,
  shared: { ensure: async () => {} },
  transactionEntries,
});

const send = async (server: MemoryServer, event: TestEvent, entries?: number) =>
  deliver(target(server, entries), await inFormat(event, "fhir"), deadline());

/** The event with the Patient alone in its record's Bundle, as a format writes a record whose values are all gone. */
async function withoutValues(event: TestEvent): Promise<TestEvent> {
  const { form, ...rest } = await inFormat(event, "fhir");
  if (form === undefined) throw new Error("the event has a form");
  const records = form.records.map((record) => record && { ...record, bytes: patientAlone(record.bytes) });
  return { ...rest, form: { ...form, records } };
}

function patientAlone(bytes: Buffer): Buffer {
  const { entry, ...bundle } = JSON.parse(bytes.toString("utf8"));
  const isPatient = (one: { resource?: { resourceType: string } }) =>
    one.resource?.resourceType === "Patient";
  return Buffer.from(JSON.stringify({ ...bundle, entry: entry.filter(isPatient) }));
}

/** Without versions, which rise with each write. */
const contents = (server: MemoryServer) =>
  [...server.resources].map(([key, { meta, ...rest }]) => [
    key,
    rest,
    new Set(meta.tag.map(({ code }) => code)),
  ]);
const revisionsOf = ({ meta }: Kept): string[] =>
  meta.tag.filter(({ system }) => system.endsWith("/identifier/revision")).map(({ code }) => code);

describe("a record", () => {
  it("sent twice leaves each resource once", async () => {
    const [server, event] = [new MemoryServer(), dataEvent()];
    await send(server, event);
    const once = contents(server);
    expect(server.all("Observation").length).toBeGreaterThan(0);
    expect(server.all("Patient")).toHaveLength(1);
    await send(server, event);
    expect(contents(server)).toEqual(once);
  });

  it("in an older revision after a newer one changes nothing, and is not sent", async () => {
    const [server, userId, naturalKey] = [new MemoryServer(), newUser(), randomUUID()];
    await send(server, revised("sleep", { naturalKey }, 3, userId));
    const newest = new Map(server.resources);
    await send(server, revised("sleep", { naturalKey }, 2, userId));
    expect(server.resources).toEqual(newest);
    expect(server.transactions).toHaveLength(1);
  });

  it("in a newer revision replaces the older one", async () => {
    const [server, userId, naturalKey] = [new MemoryServer(), newUser(), randomUUID()];
    await send(server, revised("sleep", { naturalKey }, 1, userId));
    const count = server.resources.size;
    await send(server, revised("sleep", { naturalKey }, 2, userId));
    expect(server.resources.size).toBe(count);
    for (const observation of server.all("Observation")) expect(revisionsOf(observation)).toContain("2");
  });

  it("loses what stands of it and is in it no more, and nothing of another record", async () => {
    const [server, userId, naturalKey] = [new MemoryServer(), newUser(), randomUUID()];
    await send(server, revised("sleep", { naturalKey }, 1, userId));
    const [standing] = server.all("Observation") as [Kept];
    const identifier = [{ system: "https://systole.example/fhir/identifier/resource", value: "lost" }];
    server.put({ ...standing, identifier }, "lost");
    server.put({ ...standing, identifier, meta: { tag: [] } }, "anothers");
    await send(server, revised("sleep", { naturalKey }, 2, userId));
    expect(server.resources.has("Observation/lost")).toBe(false);
    expect(server.resources.has("Observation/anothers")).toBe(true);
  });

  it("without a value leaves its revision, and an older one does not come back", async () => {
    const [server, userId, naturalKey] = [new MemoryServer(), newUser(), randomUUID()];
    const [older, newer] = [1, 3].map((revision) => revised("sleep", { naturalKey }, revision, userId));
    const later = revised("sleep", { naturalKey }, 2, userId);
    await send(server, older as TestEvent);
    await deliver(target(server), await withoutValues(newer as TestEvent), deadline());
    const [left, ...others] = server.all("Observation");
    expect(left).toMatchObject({ status: "entered-in-error" });
    expect(others).toEqual([]);
    await send(server, later);
    expect(server.all("Observation")).toEqual([left]);
    await send(server, revised("sleep", { naturalKey }, 4, userId));
    expect(server.all("Observation").map((one) => Object(one).status)).not.toContain("entered-in-error");
  });

  it("without a value in its first revision writes nothing", async () => {
    const server = new MemoryServer();
    await deliver(target(server), await withoutValues(dataEvent()), deadline());
    expect(server.transactions).toEqual([]);
  });

  it("that is older than what stands withdraws what a lost race left, unless that was written meanwhile", async () => {
    const [server, userId, naturalKey] = [new MemoryServer(), newUser(), randomUUID()];
    const [older, newer] = [1, 2].map((revision) => revised("sleep", { naturalKey }, revision, userId));
    await send(server, older as TestEvent);
    const [first] = server.all("Observation");
    const left = { ...(first as Kept), identifier: [{ system: "urn:lost", value: "race|1" }] };
    await send(server, newer as TestEvent);
    const { meta, ...rest } = left;
    server.put({ ...rest, meta: { tag: meta.tag } }, "left");
    const stands = server.all("Observation").filter(({ id }) => id !== "left");
    await send(server, older as TestEvent);
    expect(server.resources.get("Observation/left")).toMatchObject({
      status: "entered-in-error",
      identifier: left.identifier,
    });
    expect(server.all("Observation").filter(({ id }) => id !== "left")).toEqual(stands);
    const [last] = server.transactions.at(-1) ?? [];
    expect(last?.request).toMatchObject({ method: "PUT", ifMatch: 'W/"1"' });
    const sent = server.transactions.length;
    await send(server, older as TestEvent);
    expect(server.transactions).toHaveLength(sent);
  });

  it("of a profile keeps what others wrote into the Patient", async () => {
    const [server, userId, naturalKey] = [new MemoryServer(), newUser(), randomUUID()];
    await send(server, dataEvent("sleep", [{}], { userId }));
    const [made] = server.all("Patient");
    const { meta: _, ...patient } = made as Kept;
    const chart = { system: "urn:hospital", value: "chart-7" };
    const others = { name: [{ family: "Example" }], birthDate: "1980-01-01" };
    server.put({ ...patient, ...others, identifier: [...patient.identifier, chart] }, patient.id);
    for (const revision of [1, 2]) {
      await send(server, revised("athlete", { naturalKey }, revision, userId));
      const [after] = server.all("Patient");
      expect(after).toMatchObject({ ...others, identifier: [...patient.identifier, chart] });
    }
  });

  it("that a newer one overtakes between reading and writing is read anew", async () => {
    const [server, userId, naturalKey] = [new MemoryServer(), newUser(), randomUUID()];
    await send(server, revised("sleep", { naturalKey }, 1, userId));
    const newer = revised("sleep", { naturalKey }, 3, userId);
    const other = Object.assign(new MemoryServer(), { resources: server.resources });
    await send(other, newer);
    const afterwards = new Map(server.resources);
    const stale = new MemoryServer();
    let reads = 0;
    await send(stale, revised("sleep", { naturalKey }, 1, userId));
    const before = new Map(stale.resources);
    const racing = Object.assign(new MemoryServer(), { resources: server.resources });
    const get = racing.get.bind(racing);
    // The first search is answered from before the newer revision came.
    racing.get = async (path) => {
      if (reads++ > 0) return get(path);
      const entry = [...before.values()].map((resource) => ({ resource }));
      return { status: 200, headers: {}, text: JSON.stringify({ resourceType: "Bundle", entry }) };
    };
    await send(racing, revised("sleep", { naturalKey }, 2, userId));
    expect(reads).toBeGreaterThan(1);
    expect(server.resources).toEqual(afterwards);
  });

  it("that has nothing of what stands does not delete what a newer one writes there meanwhile", async () => {
    const [sample, userId, naturalKey] = [new MemoryServer(), newUser(), randomUUID()];
    await send(sample, revised("sleep", { naturalKey }, 1, userId));
    const [{ meta, ...rest }] = sample.all("Observation") as [Kept];
    const identifier = [{ system: "https://systole.example/fhir/identifier/resource", value: "another" }];
    const server = new MemoryServer();
    server.put({ ...rest, identifier, meta }, "standing");
    const system = "https://systole.example/fhir/identifier/revision";
    const newer = { ...rest, identifier, meta: { tag: [{ system, code: "3" }] } };
    server.intercept = () => {
      // Between the first search and the first transaction.
      if (server.transactions.length === 1) server.put(newer, "standing");
      return null;
    };
    await send(server, revised("sleep", { naturalKey }, 2, userId));
    expect(server.transactions).toHaveLength(1);
    const [standing, ...others] = server.all("Observation");
    expect(others).toEqual([]);
    expect(standing).toMatchObject({ id: "standing", identifier });
  });
});

describe("an event", () => {
  it("without records is taken, and nothing is sent", async () => {
    const server = new MemoryServer();
    const receipt = await deliver(target(server), plainEvent("auth"), deadline());
    expect(receipt.response).toContain("auth");
    expect(server.transactions).toEqual([]);
  });

  it("in Terra's JSON is refused", async () => {
    const thrown = await failure(deliver(target(new MemoryServer()), dataEvent(), deadline()));
    expect(thrown).toMatchObject({ code: "DELIVERY_REJECTED", retry: "never" });
  });

  it("is split between records, and never inside one", async () => {
    const server = new MemoryServer();
    await send(server, dataEvent("sleep", [{}, {}, {}]), 1);
    expect(server.transactions).toHaveLength(3);
    const together = new MemoryServer();
    await send(together, dataEvent("sleep", [{}, {}, {}]), 10_000);
    expect(together.transactions).toHaveLength(1);
    expect(together.all("Observation")).toHaveLength(server.all("Observation").length);
    expect(together.all("Patient")).toHaveLength(1);
  });

  it("with a record that is refused writes the others, and names it", async () => {
    const server = new MemoryServer();
    const event = dataEvent("sleep", [{ naturalKey: "good" }, { naturalKey: "bad" }, { naturalKey: "fine" }]);
    const sample = new MemoryServer();
    await send(sample, dataEvent("sleep", [{ naturalKey: "bad" }], { userId: event.userId }));
    const bad = JSON.stringify(sample.all("Observation")[0]?.identifier);
    server.intercept = (entries) => {
      const index = entries.findIndex(({ resource }) => JSON.stringify(resource?.identifier) === bad);
      const text = JSON.stringify(outcome("invariant", `Bundle.entry[${index}].resource: not this one`));
      return index < 0 ? null : { status: 422, headers: {}, text };
    };
    const thrown = await failure(send(server, event));
    expect(thrown).toMatchObject({ code: "DELIVERY_REJECTED", retry: "never" });
    expect(thrown.details.reason).toMatch(/^sleep bad, Observation .*not this one/);
    expect(server.all("Observation")).toHaveLength(2 * sample.all("Observation").length);
  });

  it.each([
    [409, "DELIVERY_FAILED", 6],
    [412, "DELIVERY_FAILED", 6],
    [429, "DELIVERY_FAILED", 1],
    [403, "DESTINATION_PERMISSION_MISSING", 1],
    [422, "DELIVERY_REJECTED", 1],
  ])("whose transaction is always answered with %i ends as %s", async (status, code, times) => {
    const server = new MemoryServer();
    server.intercept = () => ({ status, headers: {}, text: JSON.stringify(outcome("processing")) });
    expect((await failure(send(server, dataEvent()))).code).toBe(code);
    expect(server.transactions).toHaveLength(times);
  });

  it("is not taken where the answer is a page with status 200", async () => {
    const server = new MemoryServer();
    server.intercept = () => ({ status: 200, headers: {}, text: "<html>Please log in</html>" });
    expect(await failure(send(server, dataEvent()))).toMatchObject({
      code: "DELIVERY_FAILED",
      retry: "later",
    });
  });

  it("is not taken where one entry of the answer was refused", async () => {
    const server = new MemoryServer();
    server.intercept = (entries) => {
      const good = { response: { status: "201 Created" } };
      const bad = {
        response: { status: "422 Unprocessable", outcome: outcome("invariant", "not this one") },
      };
      const entry = entries.map((_, index) => (index === entries.length - 1 ? bad : good));
      return { status: 200, headers: {}, text: JSON.stringify({ resourceType: "Bundle", entry }) };
    };
    const thrown = await failure(send(server, dataEvent()));
    expect(thrown).toMatchObject({ code: "DELIVERY_REJECTED" });
    expect(thrown.details.reason).toContain("not this one");
  });
});
