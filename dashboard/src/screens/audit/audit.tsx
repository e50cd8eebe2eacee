/** The people and programs that may use this server, and the changes they made. */
import { Stack } from "@mantine/core";
import { Page } from "../../ui/page.tsx";
import { Accounts } from "./accounts.tsx";
import { AuditLog } from "./audit-log.tsx";
import { Operators } from "./operators.tsx";
import { Sessions } from "./sessions.tsx";

export function Audit() {
  return (
    <Page title="Team and audit log" lead="People sign in with an account; programs use an operator's token.">
      <Stack gap="lg">
        <Accounts />
        <Operators />
        <Sessions />
        <AuditLog />
      </Stack>
    </Page>
  );
}
