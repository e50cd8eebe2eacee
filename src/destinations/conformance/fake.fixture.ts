/**
 * A correct destination, made of parts, so that a test can replace one by a broken part. Its target is a server in
 * memory.
 */

import {
  type BatchedDelivery,
  DeliveryError,
  type DeliveryReceipt,
  type OutgoingEvent,
  type Sender,
  type SenderContext,
} from "../destination.ts";
import { answerBytes } from "../kit/answer-limit.ts";
import { bodyWithOnly, type DataRecord, dataRecords } from "../kit/records.ts";
import { linkForm } from "../link.ts";
import { type Bench, openGuard } from "./bench.ts";
import { inBatches, singly, untilTaken } from "./delivering.ts";
import { FakeServer, type Row } from "./fake-server.fixture.ts";
import { endlessHttp, type Place, type Settings, type TargetBehaviour } from "./target.ts";

/** The parts that may be broken. Every part gets all of them, so that honest parts call broken ones. */
export interface Parts {
  readonly server: FakeServer;
  readonly behaviour: TargetBehaviour;
  readonly settings: Settings;
  readonly context: SenderContext;
  closed: boolean;
  connect(): void;
  /** The event as it is sent. */
  prepare(event: OutgoingEvent, signal: AbortSignal): Promise<OutgoingEvent>;
  note(event: OutgoingEvent, sent: OutgoingEvent): void;
  rows(sent: OutgoingEvent): Row[];
  keyOf(event: OutgoingEvent, record: DataRecord | null): string;
  wins(row: Row, held: Row | undefined): boolean;
  write(rows: readonly Row[]): Promise<void>;
  makeTable(): void;
  /** Called with the bytes of an answer that have come; throws when they are too many. */
  hears(bytes: number): void;
  deliver(event: OutgoingEvent, signal: AbortSignal): Promise<DeliveryReceipt>;
  deliverBatch(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<readonly BatchedDelivery[]>;
  check(signal: AbortSignal): Promise<DeliveryReceipt>;
  close(): Promise<void>;
}

export type Break = (honest: Parts) => Partial<Parts>;

export const permissions = ["read", "write", "create"];
const poisoned = "poison";
const oversizeBytes = 20_000;

function honestParts(
  server: FakeServer,
  behaviour: TargetBehaviour,
  settings: Settings,
  context: SenderContext,
): Parts {
  const parts: Parts = {
    server,
    behaviour,
    settings,
    context,
    closed: false,
    connect() {
      context.assertAddressAllowed("127.0.0.1");
      if (parts.closed) throw new DeliveryError("DELIVERY_FAILED", "later");
      server.connections++;
      if (settings.password !== "right-password")
        throw new DeliveryError("DESTINATION_CREDENTIALS_REFUSED", "later");
    },
    prepare: async (event, signal) => (event.body.length < oversizeBytes ? event : linkForm(event, signal)),
    note: (event, { body }) => event.noteSent({ method: "write", target: "rows", bytes: body.length }),
    rows: (sent) => rowsOf(parts, sent),
    keyOf: (event, record) =>
      JSON.stringify(record ? [event.userId, record.type, record.naturalKey] : event.id),
    wins: (row, held) => held === undefined || row.rank >= held.rank,
    async write(rows) {
      for (const row of rows) if (parts.wins(row, server.rows.get(row.key))) server.rows.set(row.key, row);
    },
    makeTable() {
      server.exists = true;
    },
    hears(bytes) {
      if (bytes > answerBytes) throw new DeliveryError("DELIVERY_FAILED", "later");
    },
    async deliver(event, signal) {
      parts.connect();
      const sent = await parts.prepare(event, signal);
      parts.note(event, sent);
      await server.transmit(sent.body.length, signal);
      if (event.type === poisoned) throw new DeliveryError("DELIVERY_REJECTED", "never");
      parts.makeTable();
      if (!server.exists) throw new DeliveryError("DELIVERY_FAILED", "later");
      await parts.write(parts.rows(sent));
      await server.answer(signal, parts.hears);
      return {};
    },
    deliverBatch: (events, signal) =>
      Promise.all(events.map((event) => parts.deliver(event, signal).catch((error: DeliveryError) => error))),
    async check(signal) {
      parts.connect();
      await server.transmit(1, signal);
      const reason = permissions.find((one) => one === settings.lacks);
      if (reason) throw new DeliveryError("DESTINATION_PERMISSION_MISSING", "later", {}, { reason });
      await server.answer(signal, parts.hears);
      return {};
    },
    async close() {
      parts.closed = true;
    },
  };
  return parts;
}

function rowsOf({ behaviour, keyOf }: Parts, sent: OutgoingEvent): Row[] {
  const { id: eventId, records } = sent;
  const json = sent.body.toString("utf8");
  const only = records.length === 1 ? (records[0]?.revision ?? null) : null;
  if (behaviour.keeps === "all") return [{ key: eventId, rank: 0, eventId, revision: only, json }];
  if (records.length === 0) return [{ key: keyOf(sent, null), rank: 0, eventId, revision: null, json }];
  const asLink = sent.form === undefined && JSON.parse(json).type === "s3_payload";
  const kept: readonly DataRecord[] = asLink
    ? records.map((record) => ({ ...record, ...noTimes, json: sent.body }))
    : dataRecords(sent);
  return kept.map((record) => {
    const alone = behaviour.holds === "record" || asLink;
    const whole = alone ? (record.formed?.bytes ?? record.json) : bodyWithOnly(sent, record);
    const { revision } = record;
    return { key: keyOf(sent, record), rank: revision, eventId, revision, json: whole.toString("utf8") };
  });
}

const noTimes = { startTime: null, endTime: null };

export const newest: TargetBehaviour = {
  kind: "fake",
  keeps: "newest",
  exact: "bytes",
  holds: "record",
  oversizeBytes,
  endless: endlessHttp,
};

/** A bench with a fake on it; honest unless it is broken. */
export function fakeBench(behaviour: TargetBehaviour = newest, breakIt: Break = () => ({})): Bench {
  const server = new FakeServer();
  const right: Settings = { password: "right-password" };
  const connect = (settings = right, context = openGuard): Sender => {
    const parts = honestParts(server, behaviour, settings, context);
    return Object.assign(parts, breakIt({ ...parts }));
  };
  return {
    behaviour,
    place: fakePlace(server, right),
    faults: server,
    secretsOf: ({ password }) => [String(password)],
    formats: ["fhir", "fit"],
    singly: singly(),
    batch: { maxEvents: 10, maxBytes: 1_000_000 },
    connect,
    elsewhere: (events, how) => untilTaken(connect(), events, how === "singly" ? singly() : inBatches(10)),
    async endless() {
      server.endless = true;
      return { settings: right, sentBytes: () => server.answeredBytes };
    },
    restart: () => server.restart(),
  };
}

function fakePlace(server: FakeServer, settings: Settings): Place {
  return {
    settings,
    arrivals: async () => [...server.rows.values(), ...server.unsaved.values()],
    wrongCredentials: { password: "wrong-password" },
    lacking: Object.fromEntries(permissions.map((lacks) => [lacks, { ...settings, lacks }])),
    async drop() {
      server.rows.clear();
      server.exists = false;
    },
    poison: (event) => ({ ...event, type: poisoned }),
    close: async () => {},
  };
}
