/** Built-in receivers, and the newest requests that came to each. */
import type { Migration } from "./migration.ts";

export const receivers: Migration = {
  number: 25,
  name: "receivers",
  statements: [
    // Deleting the destination, by whatever route, ends its receiver.
    `CREATE TABLE receivers (
      environment_id uuid NOT NULL,
      receiver_id uuid NOT NULL,
      destination_id uuid NOT NULL,
      token_hash bytea NOT NULL UNIQUE,
      created_at timestamptz NOT NULL DEFAULT now(),
      looked_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (environment_id, receiver_id),
      UNIQUE (environment_id, destination_id),
      FOREIGN KEY (environment_id, destination_id) REFERENCES destinations ON DELETE CASCADE
    )`,
    `CREATE TABLE receiver_requests (
      environment_id uuid NOT NULL,
      receiver_id uuid NOT NULL,
      request_id uuid NOT NULL,
      received_at timestamptz NOT NULL DEFAULT now(),
      headers jsonb NOT NULL,
      body bytea NOT NULL,
      body_bytes integer NOT NULL,
      verdict text NOT NULL,
      type text,
      user_id uuid,
      reference_id text,
      PRIMARY KEY (environment_id, receiver_id, request_id),
      FOREIGN KEY (environment_id, receiver_id) REFERENCES receivers ON DELETE CASCADE
    )`,
  ],
};
