/** Tests of the contents of the typed tables, run by each kind on its own server. */
import { describe, expect } from "vitest";
import { dataTypes } from "../../../../models/index.ts";
import { dataEvent, newUser, plainEvent, revised } from "../../../conformance/events.ts";
import type { OutgoingEvent } from "../../../destination.ts";
import type { SqlPlace, SqlTarget } from "../place.fixture.ts";
import { deadline, type Kind, onServer } from "../stage.fixture.ts";
import { typedLayout } from "./layout.ts";
import { happenings, happeningsOfSeveral, type Query, queries, queriesOfSeveral } from "./readme.fixture.ts";

const startTime = "2025-10-01T23:00:00.000000+02:00";
const record = { naturalKey: "run-1", startTime };

/** A revision with as many samples as its number says. */
function withSamples(userId: string, revision: number, samples = revision): OutgoingEvent {
  const list = Array.from({ length: samples }, (_, at) => ({
    timestamp: startTime,
    watts: revision * 1_000 + at,
  }));
  const members = `"power_data": ${JSON.stringify({ avg_watts: revision, power_samples: list })}`;
  return dataEvent("activity", [{ ...record, revision, members }], { userId });
}

const samples = "SELECT watts FROM systole_activity_samples WHERE series = 'power_samples' ORDER BY position";
const standing = "SELECT revision, power_avg_watts FROM systole_activity";

async function expectAnswers(place: SqlPlace, asked: readonly Query[]): Promise<void> {
  for (const { sql, output } of asked) {
    const rows = await place.query(sql);
    const texts = rows.map((row) => Object.entries(row).map(([name, value]) => [name, String(value)]));
    expect(
      texts.map((row) => Object.fromEntries(row)),
      sql,
    ).toEqual(output);
  }
}

export function testTypedTables<Target extends SqlTarget>(kind: Kind<Target>): void {
  describe("the typed tables", () => {
    const test = onServer(kind);

    test("take every data type, and every other event", async ({ place, connect }) => {
      const userId = newUser();
      const events = [
        ...dataTypes.map((type) => dataEvent(type, [{}], { userId })),
        plainEvent("auth", { userId }),
      ];
      await connect(place.typed).deliverBatch?.(events, deadline());
      for (const type of dataTypes) {
        expect(await place.query(`SELECT user_id FROM systole_${type}`), type).toEqual([{ user_id: userId }]);
      }
      expect(await place.query("SELECT type, status, message FROM systole_events")).toEqual([
        { type: "auth", status: "success", message: "éé♥" },
      ]);
      expect(await place.query("SELECT user_id, reference_id, provider, state FROM systole_users")).toEqual([
        { user_id: userId, reference_id: "person-1", provider: "POLAR", state: "active" },
      ]);
    });

    test("answer README.md's queries as it says", async ({ place, connect }) => {
      expect(queries).toHaveLength(3);
      await connect(place.typed).deliverBatch?.(happenings, deadline());
      await expectAnswers(place, queries);
    });

    test("tell which of two providers' workouts counts, as the guide says", async ({ place, connect }) => {
      expect(queriesOfSeveral).toHaveLength(1);
      await connect(place.typed).deliverBatch?.(happeningsOfSeveral, deadline());
      await expectAnswers(place, queriesOfSeveral);
    });

    test("have times as instant, clock and offset", async ({ place, connect }) => {
      const sender = connect(place.typed);
      const at = async (naturalKey: string, start: string): Promise<void> => {
        await sender.deliver(revised("activity", { naturalKey, startTime: start }, 1, "u"), deadline());
      };
      await at("a", "2025-10-26T02:30:00.123456+02:00");
      await at("b", "2025-10-26T02:30:00.123456+01:00");
      await at("c", "2025-10-26T02:30:00.123456");
      const columns = "start_time, start_time_local, start_time_utc_offset_seconds";
      const local = "2025-10-26T02:30:00.123Z";
      expect(await place.query(`SELECT ${columns} FROM systole_activity ORDER BY summary_id`)).toEqual([
        {
          start_time: "2025-10-26T00:30:00.123Z",
          start_time_local: local,
          start_time_utc_offset_seconds: 7_200,
        },
        {
          start_time: "2025-10-26T01:30:00.123Z",
          start_time_local: local,
          start_time_utc_offset_seconds: 3_600,
        },
        { start_time: null, start_time_local: local, start_time_utc_offset_seconds: null },
      ]);
      const micros =
        "SELECT CAST(start_time_local AS CHAR(26)) AS text FROM systole_activity WHERE summary_id = 'a'";
      expect(await place.query(micros)).toEqual([{ text: "2025-10-26 02:30:00.123456" }]);
    });

    test("name fields that they have no column for", async ({ place, connect }) => {
      const members = `"power_data": {"avg_watts": "many", "volts": 1, "power_samples": [{"watts": 1, "phase": 2}]}`;
      await connect(place.typed).deliver(dataEvent("activity", [{ members }]), deadline());
      expect(await place.query("SELECT unmapped_count, unmapped_fields FROM systole_activity")).toEqual([
        {
          unmapped_count: 4,
          unmapped_fields:
            "power_data.avg_watts, power_data.power_samples[].phase, power_data.volts, spelling",
        },
      ]);
    });

    test("keep provider data beyond the model as JSON", async ({ place, connect }) => {
      const members = `"provider_data": {"polar": {"running_index": 61, "note": "a\\u0000b\\ud800"}}`;
      await connect(place.typed).deliver(dataEvent("activity", [{ members }]), deadline());
      const [row] = await place.query("SELECT provider_data, unmapped_fields FROM systole_activity");
      const data =
        typeof row?.provider_data === "string" ? JSON.parse(row.provider_data) : row?.provider_data;
      expect(data).toEqual({ polar: { running_index: 61, note: "a\ufffdb\ufffd" } });
      expect(row?.unmapped_fields).not.toContain("provider_data");
    });

    test("name the kinds of workouts", async ({ place, connect }) => {
      await connect(place.typed).deliver(dataEvent("activity"), deadline());
      const named = "SELECT name FROM systole_activity_types WHERE type = 8";
      expect(await place.query(named)).toEqual([{ name: "Running" }]);
    });

    test("replace a record with all that belongs to it, and never by an older one", async ({
      place,
      connect,
    }) => {
      const sender = connect(place.typed);
      const userId = newUser();
      for (const revision of [1, 3, 2, 1]) await sender.deliver(withSamples(userId, revision), deadline());
      expect(await place.query(standing)).toEqual([{ revision: 3, power_avg_watts: 3 }]);
      expect(await place.query(samples)).toEqual([{ watts: 3_000 }, { watts: 3_001 }, { watts: 3_002 }]);
      const [fewer, older] = [withSamples(userId, 5, 1), withSamples(userId, 4)];
      await sender.deliverBatch?.([older, fewer, older], deadline());
      expect(await place.query(standing)).toEqual([{ revision: 5, power_avg_watts: 5 }]);
      expect(await place.query(samples)).toEqual([{ watts: 5_000 }]);
    });

    test("agree with each other when many write the same record", async ({ place, connect }) => {
      const senders = [connect(place.typed), connect(place.typed)];
      const [last, userId] = [24, newUser()];
      await senders[0]?.deliver(withSamples(userId, 1), deadline());
      const revisions = Array.from({ length: last }, (_, index) => withSamples(userId, index + 1));
      const shuffled = revisions.map((_, index) => revisions[(index * 7) % last] as OutgoingEvent);
      await Promise.all(shuffled.map((event, index) => senders[index % 2]?.deliver(event, deadline())));
      expect(await place.query(standing)).toEqual([{ revision: last, power_avg_watts: last }]);
      const watts = (await place.query(samples)).map((row) => row.watts);
      expect(watts).toEqual(Array.from({ length: last }, (_, at) => last * 1_000 + at));
    });

    test("take more samples than a statement has parameters", async ({ place, connect }) => {
      await connect(place.typed).deliver(withSamples(newUser(), 1, 20_000), deadline());
      const answer =
        "SELECT COUNT(*) AS count, SUM(watts) AS sum FROM systole_activity_samples WHERE watts IS NOT NULL";
      expect(await place.query(answer)).toEqual([
        { count: 20_000, sum: 20_000 * 1_000 + (20_000 * 19_999) / 2 },
      ]);
    });

    test("are made again when one is dropped, and get the columns that they lack", async ({
      place,
      connect,
    }) => {
      const sender = connect(place.typed);
      const userId = newUser();
      await sender.deliver(withSamples(userId, 1), deadline());
      await place.query("DROP TABLE systole_activity_samples");
      await place.query("ALTER TABLE systole_activity DROP COLUMN power_avg_watts");
      await place.query("ALTER TABLE systole_users DROP COLUMN state");
      await sender.deliver(withSamples(userId, 2), deadline());
      expect(await place.query(standing)).toEqual([{ revision: 2, power_avg_watts: 2 }]);
      expect(await place.query(samples)).toEqual([{ watts: 2_000 }, { watts: 2_001 }]);
      expect(await place.query("SELECT state FROM systole_users")).toEqual([{ state: "active" }]);
    });

    test("keep the others of a batch when one of them is refused", async ({ place, connect }) => {
      const { poison } = place;
      const [one, other] = [withSamples("one", 1), withSamples("other", 1)];
      const poisoned = poison?.call(place, withSamples(newUser(), 1)) as OutgoingEvent;
      const outcomes = await connect(place.typed).deliverBatch?.([one, poisoned, other], deadline());
      expect(outcomes).toMatchObject([{}, { code: "DELIVERY_REJECTED", retry: "never" }, {}]);
      expect(await place.query("SELECT user_id FROM systole_activity ORDER BY user_id")).toEqual([
        { user_id: "one" },
        { user_id: "other" },
      ]);
    });

    test("can be checked before they are there and after, and nothing is left", async ({
      place,
      connect,
    }) => {
      const sender = connect(place.typed);
      await sender.check(deadline());
      await sender.deliver(withSamples(newUser(), 1), deadline());
      await sender.check(deadline());
      for (const { name } of typedLayout().tables.filter(({ contents }) => contents === undefined)) {
        const [row] = await place.query(`SELECT COUNT(*) AS count FROM ${name}`);
        const expected = ["systole_activity", "systole_users"].includes(name) ? [1] : [0, 1, 2, 3];
        expect(expected, name).toContain(row?.count);
      }
    });
  });
}
