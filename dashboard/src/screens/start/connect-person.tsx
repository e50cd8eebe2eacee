/** Shows how to make a link on which a person connects their wearable. */
import { Text } from "@mantine/core";
import { usePlace } from "../../shell/environment.ts";
import { Snippet } from "../../ui/code.tsx";
import { DialogButton, DialogEnd } from "../../ui/dialog.tsx";
import { useMadeKey } from "./made-key.ts";

export function ConnectPerson({ isNext }: { readonly isNext: boolean }) {
  const { environment } = usePlace();
  const key = useMadeKey() ?? "YOUR_API_KEY";
  const code = `curl -s ${window.location.origin}/v2/auth/generateWidgetSession \\
  -H 'dev-id: ${environment.dev_id}' -H 'x-api-key: ${key}' \\
  -H 'content-type: application/json' -d '{"reference_id": "person-1"}'`;
  return (
    <DialogButton
      name="Connect a person"
      title="Connect a person"
      dialogSize="lg"
      variant={isNext ? "filled" : "default"}
    >
      {(close) => (
        <DialogEnd verb="Close" onClose={close}>
          <Text size="sm">
            Your backend asks for a link and sends the person there. The answer’s <code>url</code> is good for
            one connection within 15 minutes; <code>reference_id</code> is your own id of the person.
          </Text>
          <Snippet code={code} label="curl command" />
          <Text size="sm" c="dimmed">
            On the server’s own machine: <code>npm run systole -- connect person-1</code>
          </Text>
        </DialogEnd>
      )}
    </DialogButton>
  );
}
