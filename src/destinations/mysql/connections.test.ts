import mysql from "mysql2/promise";
import { describe, expect } from "vitest";
import { dataEvent, revised } from "../conformance/events.ts";
import { testConnections } from "../kit/sql/connections.fixture.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import destination from "./index.ts";
import { type MysqlPlace, startTarget, withUser } from "./target.ts";

testConnections({ destination, startTarget });

const startTime = "2025-10-01T23:00:00.000000+02:00";
const night = (naturalKey: string, revision = 1) =>
  revised("sleep", { naturalKey, startTime }, revision, "u");

/** The server refreshes this table only for a client that has not asked for a tenth of a second. */
const interval = 250;

/** The connections to the place's own database. */
const transactions = `SELECT trx_id FROM information_schema.innodb_trx
  JOIN information_schema.processlist ON id = trx_mysql_thread_id WHERE db = DATABASE()`;

/** A transaction that has changed much: in a deadlock the server aborts the one that has changed less. */
async function heavyTransaction({ admin, database }: MysqlPlace) {
  const connection = await admin.getConnection();
  await connection.query(`USE ${database}`);
  await connection.query("CREATE TABLE heavy (id INT PRIMARY KEY)");
  await connection.query("BEGIN");
  const rows = Array.from({ length: 500 }, (_, id) => `(${id})`);
  await connection.query(`INSERT INTO heavy VALUES ${rows.join()}`);
  return {
    lock: (id: unknown): Promise<unknown> =>
      connection.query("SELECT 1 FROM terra_data_payloads WHERE payload_id = ? FOR UPDATE", [id]),
    commit: (): Promise<unknown> => connection.query("COMMIT"),
    [Symbol.asyncDispose]: async () => connection.destroy(),
  };
}

describe("MySQL", () => {
  const test = onServer({ destination, startTarget });

  test("that chooses ours as the victim of a deadlock gets it a second time", async ({ place, connect }) => {
    const sender = connect(place.settings);
    await sender.deliverBatch?.([night("a"), night("b")], deadline());
    const ids = (await place.query("SELECT payload_id FROM terra_data_payloads ORDER BY payload_id")).map(
      ({ payload_id }) => payload_id,
    );
    await using other = await heavyTransaction(place);
    await other.lock(ids[1]);
    const delivered = sender.deliverBatch?.([night("a", 2), night("b", 2)], deadline());
    const waits = `${transactions} AND trx_state = 'LOCK WAIT'`;
    await expect.poll(async () => (await place.query(waits)).length, { timeout: 9_000, interval }).toBe(1);
    await other.lock(ids[0]);
    await other.commit();
    expect(await delivered).toEqual([{}, {}]);
    expect(await place.query("SELECT revision FROM terra_data_payloads")).toEqual([
      { revision: 2 },
      { revision: 2 },
    ]);
  });

  test("refuses what does not fit and takes text as it is, whatever its sql_mode", async ({
    place,
    connect,
    target,
  }) => {
    const { user, password } = target.running.facts;
    const port = target.address.port;
    const admin = await mysql.createConnection({ host: "127.0.0.1", port, user, password });
    const [[before]] = await admin.query<mysql.RowDataPacket[]>("SELECT @@GLOBAL.sql_mode AS mode");
    try {
      await admin.query("SET GLOBAL sql_mode = 'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'");
      const sender = connect(place.settings);
      const hostile = `\\'; DROP TABLE terra_users; -- "\0`;
      await sender.deliver(night(hostile), deadline());
      expect(await place.query("SELECT natural_key FROM terra_data_payloads")).toEqual([
        { natural_key: hostile },
      ]);
      const long = withUser("x".repeat(300), dataEvent());
      await expect(sender.deliver(long, deadline())).rejects.toMatchObject({ code: "DELIVERY_REJECTED" });
    } finally {
      await admin.query("SET GLOBAL sql_mode = ?", [before?.mode]);
      await admin.end();
    }
  });

  test("rolls back what was given up while it waited for a lock", async ({ place, connect }) => {
    const sender = connect(place.settings);
    await sender.deliver(dataEvent(), deadline());
    const blocker = await place.admin.getConnection();
    await blocker.query(`USE ${place.database}`);
    await blocker.query("LOCK TABLES terra_users WRITE");
    const given = sender.deliver(dataEvent(), AbortSignal.timeout(500));
    await expect(given).rejects.toMatchObject({ code: "DELIVERY_TIMEOUT", retry: "later" });
    await blocker.query("UNLOCK TABLES");
    blocker.release();
    await expect
      .poll(async () => (await place.query(transactions)).length, { timeout: 20_000, interval })
      .toBe(0);
    await sender.deliver(dataEvent(), deadline());
    expect(await place.arrivals()).toHaveLength(2);
  });
});
