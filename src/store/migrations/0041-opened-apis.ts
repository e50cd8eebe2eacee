/** Which APIs a connection's grants open, where that is not what their consents say; and logins that add to one. */
import type { Migration } from "./migration.ts";

export const openedApis: Migration = {
  number: 41,
  name: "opened-apis",
  statements: [
    "ALTER TABLE connections ADD COLUMN apis text[], ADD COLUMN registration_due_at timestamptz",
    "ALTER TABLE auth_flows ADD COLUMN is_further boolean NOT NULL DEFAULT false",
    `CREATE INDEX connections_registration_due ON connections (registration_due_at)
      WHERE registration_due_at IS NOT NULL AND state = 'active'`,
  ],
};
