import { describe, expect, it } from "vitest";
import { collectingLog, createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import { status } from "../../test/support/receiver.ts";
import { createDestination } from "../store/destinations.ts";

const fixture = new DeliveryFixture();
/** A target's answer that quotes what it was sent. */
const words = "anna_61_bpm";

describe("the log of attempts", () => {
  async function attempted(): Promise<{ line: string; response: string | null | undefined }> {
    const { log, lines } = collectingLog();
    await fixture.work({ log });
    await emit(fixture.store, [newEvent(fixture.environmentId)]);
    const [row] = await fixture.settled(([first]) => first?.attempts === 1);
    const [attempt] = await fixture.attemptsOf(row);
    expect(lines).toEqual(expect.arrayContaining([expect.objectContaining({ msg: "delivery attempt" })]));
    return { line: JSON.stringify(lines), response: attempt?.response };
  }

  it("has nothing of a receiver's answer, which is kept with the attempt", async () => {
    const receiver = await fixture.receive(status(500, {}, words));
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    const { line, response } = await attempted();
    expect(response).toBe(words);
    expect(line).not.toContain(words);
  });

  it("has nothing of a database's message, which is kept with the attempt", async () => {
    const { hostname, port } = new URL(fixture.connectionString);
    await createDestination(fixture.store.db, fixture.store.keyRing, fixture.environmentId, {
      kind: "postgres",
      settings: {
        host: hostname,
        port: Number(port),
        database: words,
        username: words,
        password: "p",
        ssl: "off",
      },
      eventTypes: null,
      active: true,
    });
    const { line, response } = await attempted();
    expect(response).toContain(words);
    expect(line).not.toContain(words);
  });

  it("has the system's name of a network error", async () => {
    const receiver = await fixture.receive();
    await createWebhook(fixture.store, fixture.environmentId, receiver.url);
    await receiver.close();
    const { line, response } = await attempted();
    expect(line).toContain('"cause":"ECONNREFUSED"');
    expect(response).toContain("ECONNREFUSED");
  });
});
