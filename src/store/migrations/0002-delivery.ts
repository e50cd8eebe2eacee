/** Events of several records, destinations' formats and links, order for targets that keep it. */
import type { Migration } from "./migration.ts";

export const delivery: Migration = {
  number: 2,
  name: "delivery",
  statements: [
    "ALTER TABLE events ADD COLUMN records json NOT NULL DEFAULT '[]'",
    `UPDATE events SET records =
        json_build_array(json_build_object('type', record_type, 'naturalKey', natural_key, 'revision', revision))
      WHERE record_type IS NOT NULL AND natural_key IS NOT NULL AND revision IS NOT NULL`,
    "ALTER TABLE events DROP COLUMN record_type, DROP COLUMN natural_key, DROP COLUMN revision",

    `ALTER TABLE destinations
      ADD COLUMN format text NOT NULL DEFAULT 'terra' CHECK (format IN ('terra')),
      ADD COLUMN payload text NOT NULL DEFAULT 'inline' CHECK (payload IN ('inline', 'link')),
      ADD COLUMN link_destination_id uuid,
      ADD COLUMN link_expires_seconds integer NOT NULL DEFAULT 86400
        CHECK (link_expires_seconds BETWEEN 60 AND 604800),
      ADD COLUMN ordered boolean NOT NULL DEFAULT false,
      ADD COLUMN failing_since timestamptz,
      ADD COLUMN failure_noticed_at timestamptz,
      ADD COLUMN wake_at timestamptz,
      ADD COLUMN wake_size integer NOT NULL DEFAULT 256`,

    "CREATE SEQUENCE delivery_order",
    `ALTER TABLE deliveries
      ADD COLUMN ordinal bigint NOT NULL DEFAULT nextval('delivery_order'),
      ADD COLUMN ordered_by uuid,
      ADD COLUMN parked boolean NOT NULL DEFAULT false`,
    // What was left pending for a destination that is switched off had no job: now that is called parked.
    `UPDATE deliveries SET parked = true FROM destinations s
      WHERE deliveries.state = 'pending' AND s.environment_id = deliveries.environment_id
        AND s.destination_id = deliveries.destination_id AND NOT s.active`,
    "UPDATE destinations SET wake_at = now() WHERE NOT active",
    "DROP INDEX deliveries_open",
    `CREATE INDEX deliveries_pending ON deliveries (environment_id, destination_id, parked, ordinal)
      WHERE state = 'pending'`,
    `CREATE INDEX deliveries_in_order ON deliveries (environment_id, destination_id, ordered_by, ordinal)
      WHERE state = 'pending' AND ordered_by IS NOT NULL`,
    `CREATE INDEX deliveries_dead ON deliveries (environment_id, destination_id, delivery_id)
      WHERE state = 'dead'`,
  ],
};
