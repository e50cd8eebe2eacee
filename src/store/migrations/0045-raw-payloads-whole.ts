/**
 * Raw payloads get no partition a week any more: a look-up by person and resource was planned over all of them. Their table
 * stays partitioned in name, with one partition for all that comes; partitions that are there, and have rows, stay, and
 * are merged while the server works (raw-payload-weeks.ts). Nothing is copied here, so that it takes a moment.
 *
 * A process of the former release goes on beside it: reading and writing are as before. Its hourly making of partitions
 * fails, harmlessly, since there is room for eight weeks already.
 */
import type { Migration } from "./migration.ts";

export const rawPayloadsWhole: Migration = {
  number: 45,
  name: "raw-payloads-whole",
  statements: [
    `DO $$
      DECLARE
        part record;
        has_rows boolean;
        first_kept uuid;
        last_kept uuid;
        has_kept boolean := false;
      BEGIN
        FOR part IN
          SELECT child.relname, bounds[1]::uuid AS low, bounds[2]::uuid AS high
          FROM pg_inherits
          JOIN pg_class child ON child.oid = inhrelid
          CROSS JOIN LATERAL regexp_match(pg_get_expr(child.relpartbound, child.oid),
            'FROM [(]''([^'']+)''[)] TO [(]''([^'']+)''[)]') AS bounds
          WHERE inhparent = 'raw_payloads'::regclass ORDER BY 2
        LOOP
          EXECUTE format('SELECT EXISTS (SELECT FROM %I)', part.relname) INTO has_rows;
          IF has_rows THEN
            first_kept := coalesce(first_kept, part.low);
            last_kept := part.high;
            has_kept := true;
          ELSE
            EXECUTE format('DROP TABLE %I', part.relname);
          END IF;
        END LOOP;
        IF has_kept THEN
          EXECUTE format('CREATE TABLE raw_payloads_before PARTITION OF raw_payloads
            FOR VALUES FROM (MINVALUE) TO (%L)', first_kept);
          EXECUTE format('CREATE TABLE raw_payloads_since PARTITION OF raw_payloads
            FOR VALUES FROM (%L) TO (MAXVALUE)', last_kept);
        ELSE
          CREATE TABLE raw_payloads_since PARTITION OF raw_payloads FOR VALUES FROM (MINVALUE) TO (MAXVALUE);
        END IF;
      END $$`,
  ],
};
