/** Files that people upload, and how far reading them has come. */
import type { Migration } from "./migration.ts";

export const uploads: Migration = {
  number: 33,
  name: "uploads",
  statements: [
    `CREATE TABLE uploads (
      environment_id uuid NOT NULL,
      upload_id uuid NOT NULL,
      user_id uuid NOT NULL,
      provider text NOT NULL,
      format text NOT NULL,
      state text NOT NULL CHECK (state IN ('receiving', 'queued', 'reading', 'storing', 'done', 'failed')),
      file_bytes bigint,
      raw_payload_id uuid,
      read_bytes bigint NOT NULL DEFAULT 0,
      unpacked_bytes bigint,
      records bigint NOT NULL DEFAULT 0,
      stored_batches integer NOT NULL DEFAULT 0,
      stored_from text,
      changed_records integer NOT NULL DEFAULT 0,
      unread jsonb,
      code text,
      details jsonb,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz,
      PRIMARY KEY (environment_id, upload_id),
      FOREIGN KEY (environment_id, user_id) REFERENCES connections ON DELETE CASCADE
    )`,
    "CREATE INDEX uploads_of_user ON uploads (environment_id, user_id)",
  ],
};
