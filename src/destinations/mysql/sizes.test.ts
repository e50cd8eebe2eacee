/** A server with a small packet size, so that small data reach the limits. */
import { randomBytes } from "node:crypto";
import { describe, expect } from "vitest";
import { mariadb } from "../../../test/servers/mariadb.ts";
import { dataEvent, linkOf } from "../conformance/events.ts";
import { deadline, onServer } from "../kit/sql/stage.fixture.ts";
import destination from "./index.ts";
import { startTargetOn } from "./target.ts";

const packetBytes = 1_048_576;
const recipe = mariadb("mariadb-small-packets", [`--max-allowed-packet=${packetBytes}`]);

const padded = (bytes: number) => ({ members: `"padding": "${randomBytes(bytes / 2).toString("hex")}"` });
const kept = "SELECT event_id, payload_url, LENGTH(payload) AS bytes FROM terra_data_payloads";

describe("a record", () => {
  const test = onServer({ destination, startTarget: () => startTargetOn(recipe) });

  test("that just fits into a packet is kept whole, beside its link", async ({ place, connect }) => {
    const event = dataEvent("sleep", [padded(packetBytes - 4_096)]);
    await connect(place.settings).deliver(event, deadline());
    const [row] = await place.query(kept);
    expect(row).toMatchObject({ event_id: event.id, payload_url: linkOf(event.id) });
    expect(row?.bytes).toBeGreaterThan(packetBytes - 4_096);
  });

  test("that does not is only a link, and the others of its event are whole", async ({ place, connect }) => {
    const event = dataEvent("sleep", [padded(1_000), padded(packetBytes), padded(1_000)]);
    await connect(place.settings).deliver(event, deadline());
    const rows = await place.query(`${kept} ORDER BY payload IS NULL`);
    expect(rows.map(({ payload_url }) => payload_url)).toEqual(Array(3).fill(linkOf(event.id)));
    expect(rows.map(({ bytes }) => bytes !== null)).toEqual([true, true, false]);
  });

  test("goes in another statement than those that fill a packet with it", async ({ place, connect }) => {
    const event = dataEvent(
      "sleep",
      Array.from({ length: 9 }, () => padded(400_000)),
    );
    await connect(place.settings).deliver(event, deadline());
    expect(await place.query(`${kept} WHERE payload IS NOT NULL`)).toHaveLength(9);
  });

  test("has more samples than fit into a packet", async ({ place, connect }) => {
    const samples = Array.from({ length: 15_000 }, (_, bpm) => ({ timestamp: "2025-10-01T06:00:00Z", bpm }));
    const members = `"heart_rate_data": ${JSON.stringify({ detailed: { hr_samples: samples } })}`;
    await connect(place.typed).deliver(dataEvent("activity", [{ members }]), deadline());
    const count = "SELECT COUNT(*) AS count FROM systole_activity_samples WHERE bpm IS NOT NULL";
    expect(await place.query(count)).toEqual([{ count: 15_000 }]);
  });
});
