/** Destinations that are broken on purpose, each in the way its case is about. */
import path from "node:path";
import { DeliveryError } from "../destination.ts";
import type { CaseName } from "./cases/index.ts";
import type { Break } from "./fake.fixture.ts";
import type { Row } from "./fake-server.fixture.ts";
import {
  batchFails,
  deaf,
  forgetsTheCode,
  givesUp,
  keyedBy,
  lastWins,
  looksThenWrites,
  neverWritten,
  newKeyEachTime,
  onFailure,
  reparses,
  rewrites,
  savesLater,
  sendsNothing,
  staysOpen,
  swallows,
  throwsPlainErrors,
  writes,
} from "./flaws.fixture.ts";

export const broken: Record<CaseName, Readonly<Record<string, Break>>> = {
  "delivers exactly what it was given": {
    "re-serialises it": reparses,
    "sends nothing": sendsNothing,
    "writes it twice": writes((rows) => [
      ...rows,
      ...rows.map((row) => ({ ...row, key: `${row.key} again` })),
    ]),
    "loses the revision": writes((rows) => rows.map((row) => ({ ...row, revision: null }))),
  },
  "delivers every record of an event with several": {
    "writes the first only": writes((rows) => rows.slice(0, 1)),
    "writes the first in every place": writes(([first, ...rows]) =>
      first ? [first, ...rows.map((row) => ({ ...row, json: first.json }))] : [],
    ),
  },
  "delivers every data type": {
    "forgets the athlete": neverWritten(({ type }) => type !== "athlete"),
    "keeps one record a person": keyedBy(({ userId }) => userId),
  },
  "delivers records in each format that it declares": {
    "sends Terra's form in its place": (honest) => ({
      rows({ form, ...sent }) {
        return honest.rows(form === undefined ? sent : { ...sent, body: form.terra });
      },
    }),
    "takes bytes for text": rewrites((json) => json.replaceAll("\u0000", "")),
  },
  "delivers events that carry no record": {
    "leaves them out": neverWritten(({ records }) => records.length > 0),
    "leaves nobody's out": neverWritten(({ userId }) => userId !== null),
  },
  "two events of one person at the same moment both stand": {
    "tells them apart by their time": () => ({
      keyOf: (event) => `${event.userId} ${event.orderingTimestamp}`,
    }),
  },
  "the same event twice leaves one": {
    "makes a new key each time": newKeyEachTime,
    "sends nothing": sendsNothing,
  },
  "an older revision after a newer one does not win": {
    "lets the last one win": lastWins,
    "lets the first one win": () => ({ wins: (_, held) => held === undefined }),
  },
  "the same revision in another event is taken and leaves one": {
    "keys by event": keyedBy(({ id }) => id),
    "takes it for a conflict": (honest) => ({
      wins(row, held) {
        if (held?.rank === row.rank) throw new DeliveryError("DELIVERY_REJECTED", "never");
        return honest.wins(row, held);
      },
    }),
  },
  "two records of one person that start at the same time both stand": {
    "keys by person and start": (honest) => ({
      keyOf: (event, record) =>
        record === null ? honest.keyOf(event, record) : `${event.userId} ${record.startTime}`,
    }),
  },
  "a record that starts at another time after its revision is still one": {
    "has the start in the key": (honest) => ({
      keyOf: (event, record) => `${honest.keyOf(event, record)} ${record?.startTime}`,
    }),
  },
  "records of two people with the same key both stand": {
    "keys by natural key": keyedBy((_, naturalKey) => naturalKey),
  },
  "hostile text arrives unharmed": {
    "drops quotes": rewrites((json) => json.replaceAll("'", "")),
    "decodes what looks encoded": rewrites((json) => json.replaceAll("&amp;", "&")),
    "cuts long text": rewrites((json) => json.replace(/x{1000}/, "")),
  },
  "NUL and lone surrogates arrive unharmed": {
    "drops NUL": rewrites((json) => json.replaceAll("\\u0000", "")),
    "mends surrogates": rewrites((json) => json.replaceAll("\\ud800", "\ufffd")),
  },
  "64-bit numbers arrive unharmed": {
    "takes them for doubles": reparses,
  },
  "hostile field names arrive unharmed": {
    "drops __proto__": rewrites((json) => json.replace(/"__proto__": \{"is": \d+\},/, "")),
    "reads dots as paths": rewrites((json) => json.replace('"a.b.c": {"is"', '"a": {"b"')),
  },
  "hostile identifiers stay inside": {
    "follows paths": keyedBy((_, naturalKey) => path.posix.join("/data", naturalKey)),
    "cuts long ones": keyedBy((_, naturalKey) => naturalKey.trim().slice(0, 1_000)),
  },
  "identifiers that look alike stay apart": {
    "ignores case": keyedBy((_, naturalKey) => naturalKey.toLowerCase()),
    "ignores blanks around": keyedBy((_, naturalKey) => naturalKey.trim()),
    normalises: keyedBy((_, naturalKey) => naturalKey.normalize("NFC")),
    "cuts long ones": keyedBy((_, naturalKey) => naturalKey.slice(0, 255)),
  },
  "a body that is too large arrives as a link": {
    "sends it whole": () => ({ prepare: async (event) => event }),
    "refuses it": () => ({
      prepare: async (event) => {
        if (event.body.length >= 20_000) throw new DeliveryError("DELIVERY_TOO_LARGE", "never");
        return event;
      },
    }),
  },
  "a body that just fits arrives whole": {
    "sends every body as a link": (honest) => ({
      prepare: (event, signal) =>
        honest.prepare({ ...event, body: Buffer.concat([event.body, Buffer.alloc(20_000, " ")]) }, signal),
    }),
    "asks for a link in vain": (honest) => ({
      async prepare(event, signal) {
        await event.link(signal);
        return honest.prepare(event, signal);
      },
    }),
  },
  "a link is a revision like any other": {
    "writes links in a place of their own": (honest) => ({
      rows: (sent) =>
        honest
          .rows(sent)
          .map((row) => (row.json.includes("s3_payload") ? { ...row, key: row.eventId } : row)),
    }),
    "lets links win": (honest) => ({
      wins: (row, held) => row.json.includes("s3_payload") || honest.wins(row, held),
    }),
  },
  "a batch is taken whole, and answered in its order": {
    "forgets the last": (honest) => ({
      async deliverBatch(events, signal) {
        await honest.deliverBatch(events.slice(0, -1), signal);
        return events.map(() => ({}));
      },
    }),
    "answers for one only": batchFails((outcomes) => outcomes.slice(0, 1)),
  },
  "several revisions of one record in a batch leave the newest": {
    "lets the last one win": lastWins,
    "takes no key twice": (honest) => ({
      deliverBatch(events, signal) {
        const keys = events.map((event) => event.records[0]?.naturalKey);
        if (new Set(keys).size < keys.length) throw new DeliveryError("DELIVERY_FAILED", "later");
        return honest.deliverBatch(events, signal);
      },
    }),
  },
  "an entry that is rejected harms no other": {
    "fails with it": batchFails((outcomes) => {
      const failed = outcomes.find((outcome) => outcome instanceof DeliveryError);
      if (failed) throw failed;
      return outcomes;
    }),
    "answers in another order": batchFails((outcomes) => outcomes.toReversed()),
    "says that it was taken": batchFails((outcomes) => outcomes.map(() => ({}))),
  },
  "credentials that are refused are told apart": {
    "takes them for an outage": forgetsTheCode,
    "gives the event up": givesUp,
  },
  "what it says of failures holds no secret": {
    "quotes its settings": onFailure(({ retry }) => {
      throw new DeliveryError("DELIVERY_FAILED", retry, { response: "no right-password" });
    }),
    "says too much": onFailure(({ retry }) => {
      throw new DeliveryError("DELIVERY_FAILED", retry, { response: "no".repeat(1_000) });
    }),
  },
  "a private address is refused before anything is sent": {
    "does not ask": (honest) => ({
      connect() {
        honest.server.connections++;
      },
    }),
    "asks when it has connected": (honest) => ({
      connect() {
        honest.server.connections++;
        honest.connect();
      },
    }),
  },
  "notes what it sends of each event, and no secret": {
    "notes nothing": () => ({ note: () => {} }),
    "does not say where": () => ({
      note: (event) => event.noteSent({ method: "write", target: "", bytes: 1 }),
    }),
    "notes the password": ({ settings }) => ({
      note: (event) => event.noteSent({ method: "write", target: `rows as ${settings.password}`, bytes: 1 }),
    }),
    "notes one of a batch": (honest) => ({
      deliverBatch: ([first, ...others], signal) => {
        const silent = others.map((event) => ({ ...event, noteSent: () => {} }));
        return honest.deliverBatch(first === undefined ? silent : [first, ...silent], signal);
      },
    }),
  },
  "check succeeds and leaves nothing behind": {
    "leaves its probe": (honest) => ({
      async check(signal) {
        const probe: Row = { key: "probe", rank: 0, eventId: "probe", revision: null, json: "{}" };
        honest.server.rows.set(probe.key, probe);
        return honest.check(signal);
      },
    }),
    "is never happy": () => ({ check: () => Promise.reject(new DeliveryError("DELIVERY_FAILED", "later")) }),
  },
  "check tells each missing permission apart": {
    "is always happy": () => ({ check: async () => ({}) }),
    "always names the same": onFailure(() => {
      throw new DeliveryError("DESTINATION_PERMISSION_MISSING", "later", {}, { reason: "read" });
    }),
    "takes it for a failure": forgetsTheCode,
  },
  "check fails when the server is away": {
    "is always happy": () => ({ check: async () => ({}) }),
    "gives up": givesUp,
  },
  "what is dropped under us is made again": {
    "makes it once": (honest) => {
      let made = false;
      return {
        makeTable() {
          if (!made) honest.makeTable();
          made = true;
        },
      };
    },
  },
  "an outage is tried again later, and then succeeds": {
    "swallows the failure": swallows,
    "gives up": givesUp,
    "throws what is no DeliveryError": throwsPlainErrors,
  },
  "an outage in the middle of many deliveries loses nothing": {
    "swallows the failure": swallows,
    "gives up": givesUp,
  },
  "an outage in the middle of a batch loses nothing": {
    "takes what arrived for all": batchFails((outcomes) => outcomes.map(() => ({}))),
    "gives up": givesUp,
  },
  "a server restarted under load loses nothing": {
    "believes what is not saved": savesLater,
    "gives up": givesUp,
  },
  "a target that hangs is given up when the caller's deadline ends": {
    "does not listen to the signal": deaf,
    "gives up": givesUp,
    "says it arrived": swallows,
    "forgets that it was the clock": forgetsTheCode,
  },
  "an answer that is lost leaves no second one": {
    "makes a new key each time": newKeyEachTime,
    "says it arrived": swallows,
  },
  "an aborted delivery leaves nothing half-written": {
    "writes as it goes": (honest) => ({
      async deliver(event, signal) {
        const rows = honest.rows(event);
        await honest.server.transmit(event.body.length, signal, (bytes) => {
          for (const row of rows) honest.server.rows.set(row.key, { ...row, json: row.json.slice(0, bytes) });
        });
        await honest.write(rows);
        return {};
      },
    }),
    "does not listen to the signal": deaf,
  },
  "a delivery that was aborted before it began leaves nothing": {
    "does not look at the signal": deaf,
  },
  "an answer that does not end is not read into memory": {
    "reads all of it": () => ({ hears() {} }),
    "gives up": givesUp,
  },
  "200 events from several processes at once all arrive, and the newest revisions stand": {
    "looks first and writes then": looksThenWrites,
    "lets the last one win": lastWins,
    "keeps one record a person": keyedBy(({ userId }) => userId),
  },
  "close may be called twice and ends the sender": {
    "stays open": staysOpen,
    "closes once only": (honest) => {
      let closed = false;
      return {
        async close() {
          if (closed) throw new Error("closed already");
          closed = true;
          await honest.close();
        },
      };
    },
  },
  "a sender that was never used may be closed": {
    "waits for its first connection": (honest) => {
      let used = false;
      return {
        connect() {
          used = true;
          honest.connect();
        },
        async close() {
          if (!used) throw new Error("there is nothing to close");
          await honest.close();
        },
      };
    },
    "stays open": staysOpen,
  },
};
