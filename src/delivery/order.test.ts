/** A target that keeps order receives each person's events in order, whatever fails. */
import { expect, it } from "vitest";
import { createWebhook, emit, newEvent, startTestDelivery } from "../../test/support/delivery.ts";
import { all, DeliveryFixture } from "../../test/support/delivery-fixture.ts";
import type { Answer } from "../../test/support/receiver.ts";
import { Queue } from "../store/queue.ts";

const fixture = new DeliveryFixture();
const people = ["01975a00-0000-7000-8000-00000000000a", "01975a00-0000-7000-8000-00000000000b"];

it("keeps a person's order through failures, with two workers", async () => {
  const taken: { person: string; number: number }[] = [];
  const fails = new Map<string, number>();
  const answer: Answer = (response, { body }) => {
    const { person, number } = JSON.parse(body.toString("utf8"));
    const key = `${person} ${number}`;
    const failed = fails.get(key) ?? 0;
    // Some of them fail once.
    if (number % 10 === 3 && failed === 0) {
      fails.set(key, failed + 1);
      response.writeHead(500).end();
      return;
    }
    taken.push({ person, number });
    response.writeHead(200).end();
  };
  const receiver = await fixture.receive(answer);
  const { destinationId } = await createWebhook(fixture.store, fixture.environmentId, receiver.url);
  await fixture.store.db
    .updateTable("destinations")
    .set({ ordered: true })
    .where("destination_id", "=", destinationId)
    .execute();
  const queue = await Queue.open(fixture.connectionString, () => {});
  await fixture.work();
  const other = await startTestDelivery({ ...fixture.store, queue });
  try {
    for (let number = 0; number < 20; number++) {
      await emit(
        fixture.store,
        people.map((userId) =>
          newEvent(fixture.environmentId, { userId, body: JSON.stringify({ person: userId, number }) }),
        ),
      );
    }
    await fixture.settled(all("delivered"));
  } finally {
    await other.stop();
    await queue.close();
  }
  for (const person of people) {
    const numbers = taken.filter((one) => one.person === person).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, number) => number));
  }
});
