/** A test fixture: a store, an environment for each test, and receivers and workers that end with it. */
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import type { DeliveryWorker } from "../../src/delivery/worker.ts";
import { type Attempt, type Delivery, listAttempts } from "../../src/store/deliveries.ts";
import type { Store } from "../../src/store/store.ts";
import { createEnvironment, startTestStore, type TestStore } from "./database.ts";
import { listDeliveries } from "./deliveries.ts";
import { startTestDelivery } from "./delivery.ts";
import { type Answer, type Receiver, startReceiver, status, waitFor } from "./receiver.ts";

export class DeliveryFixture {
  #test: TestStore | undefined;
  readonly #workers: DeliveryWorker[] = [];
  readonly #receivers: Receiver[] = [];
  environmentId = "";

  /** Registers the hooks of the test file that calls it. */
  constructor() {
    beforeAll(async () => {
      this.#test = await startTestStore();
    });
    afterAll(() => this.#test?.close());
    beforeEach(async () => {
      ({ environmentId: this.environmentId } = await createEnvironment(this.store));
    });
    afterEach(() => this.#clear());
  }

  async #clear(): Promise<void> {
    await Promise.all(this.#receivers.splice(0).map((receiver) => receiver.close()));
    await this.stop();
    // Deliveries that a test leaves pending must not reach the next test.
    await this.store.db
      .updateTable("deliveries")
      .set({ state: "cancelled" })
      .where("state", "=", "pending")
      .execute();
  }

  get store(): Store {
    if (this.#test === undefined) throw new Error("There is no store before the tests begin");
    return this.#test.store;
  }

  get connectionString(): string {
    return this.#test?.connectionString ?? "";
  }

  async receive(answer: Answer = status(200)): Promise<Receiver> {
    const receiver = await startReceiver(answer);
    this.#receivers.push(receiver);
    return receiver;
  }

  /** Starts another worker, as in another process. */
  async work(options: Parameters<typeof startTestDelivery>[1] = {}): Promise<void> {
    this.#workers.push(await startTestDelivery(this.store, options));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#workers.splice(0).map((worker) => worker.stop()));
  }

  deliveries(filters = {}): Promise<Delivery[]> {
    return listDeliveries(this.store.db, this.environmentId, filters, { limit: 1_000 });
  }

  /** Waits until the environment's deliveries meet the condition. */
  async settled(condition: (rows: Delivery[]) => boolean): Promise<Delivery[]> {
    await waitFor(async () => condition(await this.deliveries()));
    return this.deliveries();
  }

  attemptsOf(row: Delivery | undefined): Promise<Attempt[]> {
    return listAttempts(this.store.db, {
      environmentId: this.environmentId,
      deliveryId: row?.delivery_id ?? "",
    });
  }
}

export const all = (state: string) => (rows: Delivery[]) =>
  rows.length > 0 && rows.every((row) => row.state === state);
