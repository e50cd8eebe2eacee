/** What the suite does not ask of a FHIR server: records that are refused, tokens, and what others wrote. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bringUpMs } from "../../../test/servers/server.ts";
import { deadline, failure, openGuard } from "../conformance/bench.ts";
import { dataEvent, newUser, revised } from "../conformance/events.ts";
import { asSent } from "../conformance/formed.ts";
import type { Sender } from "../destination.ts";
import { parseSettings } from "../settings.ts";
import kind from "./index.ts";
import { type FhirPlace, type FhirTarget, startTarget } from "./target.ts";

let target: FhirTarget | { readonly reason: string };
let place: FhirPlace;
const senders: Sender[] = [];

beforeAll(async () => {
  target = await startTarget();
  if (!("reason" in target)) place = await target.open(target.address);
}, bringUpMs);
afterAll(async () => {
  await Promise.all(senders.map((sender) => sender.close()));
  if (!("reason" in target)) await target.close();
});

function connect(settings: object = {}): Sender {
  const sender = kind.connect(
    parseSettings(kind, { ...place.settings, ...settings }) as Parameters<typeof kind.connect>[0],
    openGuard,
  );
  senders.push(sender);
  return sender;
}

const personSystem = "https://systole.example/fhir/identifier/user";
const ofPerson = (userId: string): string => `${encodeURIComponent(personSystem)}%7C${userId}`;

interface StoredPatient {
  readonly id: string;
  readonly identifier: readonly object[];
}

async function thePatient(userId: string): Promise<StoredPatient> {
  const { entry } = await place.ask("GET", `Patient?identifier=${ofPerson(userId)}`);
  const [found, ...others] = entry as readonly { readonly resource: StoredPatient }[];
  expect(others).toEqual([]);
  if (found === undefined) throw new Error("the Patient stands");
  return found.resource;
}

const observations = async (query: string) =>
  ((await place.ask("GET", `Observation?_count=200&${query}`)).entry ?? []) as readonly {
    readonly resource: { readonly status: string };
  }[];

describe("a HAPI server", () => {
  it("that refuses a record is named with it, and takes the others of its event", async (context) => {
    if ("reason" in target) return context.skip(target.reason);
    const event = dataEvent("sleep", [{ naturalKey: "one" }, { naturalKey: "two" }, { naturalKey: "three" }]);
    const { form, ...rest } = await asSent(event, "fhir");
    const records = (form?.records ?? []).map((record, index) =>
      record === null || index !== 1
        ? record
        : { ...record, bytes: Buffer.from(record.bytes.toString("utf8").replace('"final"', '"wrong"')) },
    );
    const sent = { ...rest, ...(form !== undefined && { form: { ...form, records } }) };
    const thrown = await failure(connect().deliver(sent, deadline()));
    expect(thrown).toMatchObject({ code: "DELIVERY_REJECTED", retry: "never" });
    expect(thrown.details.reason).toMatch(/^sleep two.*wrong/);
    const arrivals = await place.arrivals();
    expect(arrivals).toHaveLength(2);
  });

  it("keeps the revision of a record that lost its values, and no older one comes back", async (context) => {
    if ("reason" in target) return context.skip(target.reason);
    const [userId, naturalKey] = [newUser(), randomUUID()];
    const sender = connect();
    const send = async (revision: number) =>
      sender.deliver(await asSent(revised("body", { naturalKey }, revision, userId), "fhir"), deadline());
    await send(1);
    const patient = `subject:Patient.identifier=${ofPerson(userId)}`;
    const before = await observations(patient);
    expect(new Set(before.map(({ resource }) => resource.status))).toEqual(new Set(["final"]));
    const { form, ...rest } = await asSent(revised("body", { naturalKey }, 3, userId), "fhir");
    const records = (form?.records ?? []).map((record) => {
      if (record === null) return record;
      const bundle = JSON.parse(record.bytes.toString("utf8"));
      const entry = bundle.entry.slice(0, 1);
      return { ...record, bytes: Buffer.from(JSON.stringify({ ...bundle, entry })) };
    });
    const empty = { ...rest, ...(form !== undefined && { form: { ...form, records } }) };
    await sender.deliver(empty, deadline());
    await send(2);
    const statuses = (await observations(patient)).map(({ resource }) => resource.status);
    expect(statuses).toEqual(["entered-in-error"]);
    await send(4);
    expect(await observations(patient)).toHaveLength(before.length);
  });

  it("keeps what others wrote into a Patient when the profile is written", async (context) => {
    if ("reason" in target) return context.skip(target.reason);
    const userId = newUser();
    const sender = connect();
    await sender.deliver(await asSent(dataEvent("daily", [{}], { userId }), "fhir"), deadline());
    const patient = await thePatient(userId);
    const name = [{ family: "Lovelace", given: ["Ada"] }];
    const number = { system: "urn:hospital", value: "4711" };
    const { id, identifier } = patient;
    const theirs = { ...patient, name, identifier: [...identifier, number] };
    await place.ask("PUT", `Patient/${id}`, theirs);
    await sender.deliver(await asSent(dataEvent("athlete", [{}], { userId }), "fhir"), deadline());
    expect(await thePatient(userId)).toMatchObject({ id, name, identifier: [...identifier, number] });
  });

  it("that has a Patient twice is told apart from one where another writer came in between", async (context) => {
    if ("reason" in target) return context.skip(target.reason);
    const userId = newUser();
    const twice = { resourceType: "Patient", identifier: [{ system: personSystem, value: userId }] };
    for (let count = 0; count < 2; count++) await place.ask("POST", "Patient", twice);
    const event = await asSent(dataEvent("daily", [{}], { userId }), "fhir");
    const thrown = await failure(connect().deliver(event, deadline()));
    expect(thrown).toMatchObject({ code: "DELIVERY_REJECTED", receipt: { status: 412 } });
    expect(thrown.details.reason).toContain("matched 2 resources");
  });

  it("takes a bearer token, and one that it does not know is told apart", async (context) => {
    if ("reason" in target) return context.skip(target.reason);
    const { username: _, password, ...settings } = place.settings;
    const withToken = (token: string) =>
      kind.connect(
        parseSettings(kind, { ...settings, authorization: "bearer", token }) as Parameters<
          typeof kind.connect
        >[0],
        openGuard,
      );
    const tokens = ["systole", "systole"].map((user, index) =>
      Buffer.from(`${user}.${password}${index === 0 ? "" : "x"}`).toString("base64"),
    );
    const [known, unknown] = tokens.map(withToken) as [Sender, Sender];
    senders.push(known, unknown);
    await known.check(deadline());
    await known.deliver(await asSent(dataEvent("daily"), "fhir"), deadline());
    expect(await failure(unknown.check(deadline()))).toMatchObject({
      code: "DESTINATION_CREDENTIALS_REFUSED",
    });
  });

  it("whose address has no FHIR server is told apart", async (context) => {
    if ("reason" in target) return context.skip(target.reason);
    const { base_url: base } = place.settings;
    const elsewhere = connect({ base_url: String(base).replace("/fhir/", "/nothing/") });
    expect(await failure(elsewhere.check(deadline()))).toMatchObject({ code: "DESTINATION_TARGET_MISSING" });
  });
});
