/** Flaws that several broken destinations share. */
import { setTimeout as pause } from "node:timers/promises";
import { DeliveryError, type OutgoingEvent } from "../destination.ts";
import type { Break, Parts } from "./fake.fixture.ts";
import type { Row } from "./fake-server.fixture.ts";

/** Stores a text that differs from the one it was given. */
export const rewrites =
  (rewrite: (json: string) => string): Break =>
  (honest) => ({ rows: (sent) => honest.rows(sent).map((row) => ({ ...row, json: rewrite(row.json) })) });

export const reparses = rewrites((json) => JSON.stringify(JSON.parse(json)));

/** Keys records by too little, so that different ones collide. */
export const keyedBy =
  (key: (event: OutgoingEvent, naturalKey: string) => unknown): Break =>
  (honest) => ({
    keyOf: (event, record) =>
      record === null ? honest.keyOf(event, record) : JSON.stringify(key(event, record.naturalKey)),
  });

/** Changes how failures are reported. */
export const onFailure =
  (answer: (error: DeliveryError) => Awaited<ReturnType<Parts["deliver"]>>): Break =>
  (honest) => ({
    deliver: (event, signal) => honest.deliver(event, signal).catch(answer),
    check: (signal) => honest.check(signal).catch(answer),
  });

export const swallows = onFailure(() => ({}));
export const givesUp = onFailure(({ code }) => {
  throw new DeliveryError(code as "DELIVERY_FAILED", "never");
});
export const forgetsTheCode = onFailure(({ retry }) => {
  throw new DeliveryError("DELIVERY_FAILED", retry);
});
export const throwsPlainErrors = onFailure(({ message }) => {
  throw new Error(message);
});
export const deaf: Break = (honest) => ({
  deliver: (event) => honest.deliver(event, AbortSignal.timeout(7_000)),
});

export const sendsNothing: Break = () => ({ deliver: async () => ({}), deliverBatch: async () => [] });
export const newKeyEachTime: Break = () => ({ keyOf: () => String(Math.random()) });
export const lastWins: Break = () => ({ wins: () => true });

export const writes =
  (change: (rows: readonly Row[]) => readonly Row[]): Break =>
  (honest) => ({ write: (rows) => honest.write(change(rows)) });

export const neverWritten =
  (kept: (event: OutgoingEvent) => boolean): Break =>
  (honest) => ({
    rows: (sent) => (kept(sent) ? honest.rows(sent) : []),
  });

/** Ignores that it was closed. */
export const staysOpen: Break = () => ({ close: async () => {} });

/** Confirms writes that are in memory only. */
export const savesLater: Break = ({ server }) => ({
  async write(rows) {
    for (const row of rows) server.unsaved.set(row.key, row);
    setTimeout(() => {
      for (const row of rows) if (server.unsaved.delete(row.key)) server.rows.set(row.key, row);
    }, 100);
  },
});

export const looksThenWrites: Break = ({ server, wins }) => ({
  async write(rows) {
    for (const row of rows) {
      const held = server.rows.get(row.key);
      await pause(Math.random() * 3);
      if (wins(row, held)) server.rows.set(row.key, row);
    }
  },
});

export const batchFails =
  (change: (outcomes: Awaited<ReturnType<Parts["deliverBatch"]>>) => typeof outcomes): Break =>
  (honest) => ({
    deliverBatch: async (events, signal) => change(await honest.deliverBatch(events, signal)),
  });
