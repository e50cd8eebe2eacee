import { describe, expect, it } from "vitest";
import { collectingLog, createWebhook, emit, newEvent } from "../../test/support/delivery.ts";
import { DeliveryRoom } from "../../test/support/delivery-room.ts";
import { status } from "../../test/support/receiver.ts";
import { createDestination } from "../store/destinations.ts";

const room = new DeliveryRoom();
/** As a target may quote what it was sent. */
const words = "anna_61_bpm";

describe("the log of attempts", () => {
  async function attempted(): Promise<{ line: string; response: string | null | undefined }> {
    const { log, lines } = collectingLog();
    await room.work({ log });
    await emit(room.store, [newEvent(room.environmentId)]);
    const [row] = await room.settled(([first]) => first?.attempts === 1);
    const [attempt] = await room.attemptsOf(row);
    expect(lines).toEqual(expect.arrayContaining([expect.objectContaining({ msg: "delivery attempt" })]));
    return { line: JSON.stringify(lines), response: attempt?.response };
  }

  it("has none of a receiver's words, which the attempt keeps", async () => {
    const receiver = await room.receive(status(500, {}, words));
    await createWebhook(room.store, room.environmentId, receiver.url);
    const { line, response } = await attempted();
    expect(response).toBe(words);
    expect(line).not.toContain(words);
  });

  it("has none of a database's words, which the attempt keeps", async () => {
    const { hostname, port } = new URL(room.connectionString);
    await createDestination(room.store.db, room.store.keyRing, room.environmentId, {
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

  it("has the system's name of a failure of the network", async () => {
    const receiver = await room.receive();
    await createWebhook(room.store, room.environmentId, receiver.url);
    await receiver.close();
    const { line, response } = await attempted();
    expect(line).toContain('"cause":"ECONNREFUSED"');
    expect(response).toContain("ECONNREFUSED");
  });
});
