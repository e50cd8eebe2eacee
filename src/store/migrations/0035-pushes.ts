/** What each connection has pushed in each upload format, so that one that falls silent is noticed. */
import type { Migration } from "./migration.ts";

export const pushes: Migration = {
  number: 35,
  name: "pushes",
  statements: [
    `CREATE TABLE pushes (
      environment_id uuid NOT NULL,
      user_id uuid NOT NULL,
      format text NOT NULL,
      pushes bigint NOT NULL DEFAULT 1,
      pushed_at timestamptz NOT NULL,
      usual_gap_ms double precision,
      silent_after timestamptz,
      PRIMARY KEY (environment_id, user_id, format),
      FOREIGN KEY (environment_id, user_id) REFERENCES connections ON DELETE CASCADE
    )`,
  ],
};
