import { describe, expect } from "vitest";
import { dataEvent, plainEvent, revised } from "../conformance/events.ts";
import { testConnections } from "../kit/sql/connections.fixture.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import destination from "./index.ts";
import { type PostgresPlace, startTarget } from "./target.ts";

testConnections({ destination, startTarget });

const startTime = "2025-10-01T23:00:00.000000+02:00";
const night = (naturalKey: string, revision = 1) =>
  revised("sleep", { naturalKey, startTime }, revision, "u");

/** The number of our connections to the place that meet the condition. */
async function ours({ admin }: PostgresPlace, condition: string): Promise<number | null> {
  const { rowCount } = await admin.query(
    `SELECT 1 FROM pg_stat_activity
     WHERE application_name = 'systole' AND datname = current_database() AND ${condition}`,
  );
  return rowCount;
}

describe("PostgreSQL", () => {
  const test = onServer({ destination, startTarget });

  test("is left with no statement that waits when a delivery is given up", async ({ place, connect }) => {
    const sender = connect(place.settings);
    await sender.deliver(dataEvent(), deadline());
    const blocker = await place.admin.connect();
    await blocker.query("BEGIN; LOCK TABLE terra_users");
    const given = sender.deliver(dataEvent(), AbortSignal.timeout(500));
    await expect(given).rejects.toMatchObject({ code: "DELIVERY_TIMEOUT", retry: "later" });
    await expect.poll(() => ours(place, "state = 'active'")).toBe(0);
    await blocker.query("ROLLBACK");
    blocker.release();
    expect(await place.arrivals()).toHaveLength(1);
  });

  test("that chooses ours as the victim of a deadlock gets it a second time", async ({ place, connect }) => {
    const sender = connect(place.settings);
    await sender.deliverBatch?.([night("a"), night("b")], deadline());
    const ids = (await place.query("SELECT payload_id FROM terra_data_payloads ORDER BY payload_id")).map(
      ({ payload_id }) => payload_id,
    );
    const other = await place.admin.connect();
    // A transaction that waits that long looks for a deadlock and is the one that is aborted.
    await other.query("SET deadlock_timeout = '1h'");
    const lock = (id: unknown) =>
      other.query("SELECT 1 FROM terra_data_payloads WHERE payload_id = $1 FOR UPDATE", [id]);
    await other.query("BEGIN");
    await lock(ids[1]);
    const delivered = sender.deliverBatch?.([night("a", 2), night("b", 2)], deadline());
    await expect.poll(() => ours(place, "wait_event_type = 'Lock'")).toBe(1);
    await lock(ids[0]);
    await other.query("COMMIT");
    other.release();
    expect(await delivered).toEqual([{}, {}]);
    expect(await place.query("SELECT revision FROM terra_data_payloads")).toEqual([
      { revision: 2 },
      { revision: 2 },
    ]);
  });

  test("gets NUL as the character that pictures it, and keeps apart what only differs by it", async (stage) => {
    const { place, connect } = stage;
    const nights = ["a\0b", "a\u2400b"].map((naturalKey) => night(naturalKey));
    const auth = plainEvent("auth", { userId: "u", referenceId: "person\0one" });
    const sender = connect(place.settings);
    for (const event of [...nights, ...nights, auth]) await sender.deliver(event, deadline());
    expect(await place.query("SELECT natural_key FROM terra_data_payloads")).toEqual([
      { natural_key: "a␀b" },
      { natural_key: "a␀b" },
    ]);
    expect(await place.query("SELECT reference_id FROM terra_users")).toEqual([
      { reference_id: "person␀one" },
    ]);
    const typed = connect(place.typed);
    await typed.deliver(night("a\0b"), deadline());
    expect(await place.query("SELECT summary_id, natural_key FROM systole_sleep")).toEqual([
      { summary_id: "a␀b", natural_key: "a␀b" },
    ]);
  });

  test("may have the tables in a schema of that name", async ({ place, connect }) => {
    const schema = "Überwachung";
    const { username } = place.settings;
    await place.query(`CREATE SCHEMA "${schema}" AUTHORIZATION ${username}`);
    for (const layout of ["terra", "typed"]) {
      const sender = connect({ ...place.settings, schema, layout });
      await sender.check(deadline());
      await sender.deliver(night("a"), deadline());
    }
    for (const table of ["terra_data_payloads", "systole_sleep"]) {
      expect(await place.query(`SELECT natural_key FROM "${schema}".${table}`)).toEqual([
        { natural_key: "a" },
      ]);
    }
    const missing = connect({ ...place.settings, schema: "nowhere" });
    const gone = { code: "DESTINATION_TARGET_MISSING", retry: "later" };
    await expect(missing.check(deadline())).rejects.toMatchObject(gone);
    await expect(missing.deliver(night("a"), deadline())).rejects.toMatchObject(gone);
  });

  test("whose trigger refuses a row has that row refused, and no person's data in the reason", async (stage) => {
    const { place, connect } = stage;
    const sender = connect(place.settings);
    await sender.deliver(night("a"), deadline());
    await place.query("ALTER TABLE terra_data_payloads ADD CHECK (natural_key <> 'secret illness')");
    const thrown = await sender.deliver(night("secret illness"), deadline()).catch((error) => error);
    expect(thrown).toMatchObject({ code: "DELIVERY_REJECTED", retry: "never" });
    expect(JSON.stringify([thrown, thrown.details, thrown.receipt, thrown.cause])).not.toContain("illness");
  });
});
