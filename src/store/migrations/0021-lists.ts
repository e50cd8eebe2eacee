/** Indexes for the lists that a dashboard shows of many people and many events. */
import type { Migration } from "./migration.ts";

export const lists: Migration = {
  number: 21,
  name: "lists",
  statements: [
    "CREATE INDEX connections_newest ON connections (environment_id, created_at DESC, user_id DESC)",
    // A prefix is found by LIKE, which an index in a language's order does not serve.
    "CREATE INDEX connections_reference_prefix ON connections (environment_id, reference_id text_pattern_ops)",
    "CREATE INDEX events_type ON events (environment_id, type, event_id DESC)",
  ],
};
