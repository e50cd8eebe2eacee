/** The formats of destinations beside Terra's models, and what an attempt could not express in them. */
import type { Migration } from "./migration.ts";

export const recordFormats: Migration = {
  number: 37,
  name: "record-formats",
  statements: [
    `ALTER TABLE destinations DROP CONSTRAINT destinations_format_check,
      ADD CONSTRAINT destinations_format_check CHECK (format IN ('terra', 'fhir', 'fit')),
      ADD COLUMN when_unsupported text NOT NULL DEFAULT 'terra'
        CHECK (when_unsupported IN ('terra', 'leave_out'))`,
    "ALTER TABLE attempts ADD COLUMN left_out json",
  ],
};
