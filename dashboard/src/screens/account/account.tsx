/** One's own account: its password, and where it is signed in. */
import { usePlace } from "../../shell/environment.ts";
import { Page } from "../../ui/page.tsx";
import { roleNames } from "../audit/roles.tsx";
import { Sessions } from "../audit/sessions.tsx";
import { ChangePassword } from "./change-password.tsx";

export function OwnAccount() {
  const { account } = usePlace();
  return (
    <Page title="Your account" lead={`${account.email} · ${roleNames[account.role]}`}>
      <ChangePassword />
      <Sessions title="Where you are signed in" accountId={account.id} />
    </Page>
  );
}
