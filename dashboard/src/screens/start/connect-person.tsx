/** How a link is made on which a person connects their wearable. */
import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { usePlace } from "../../shell/environment.ts";
import { Snippet } from "../../ui/code.tsx";
import { useMadeKey } from "./made-key.ts";

export function ConnectPerson({ isNext }: { readonly isNext: boolean }) {
  const [opened, { open, close }] = useDisclosure(false);
  const { environment } = usePlace();
  const key = useMadeKey() ?? "YOUR_API_KEY";
  const code = `curl -s ${window.location.origin}/v2/auth/generateWidgetSession \\
  -H 'dev-id: ${environment.dev_id}' -H 'x-api-key: ${key}' \\
  -H 'content-type: application/json' -d '{"reference_id": "person-1"}'`;
  return (
    <>
      <Button size="xs" variant={isNext ? "filled" : "default"} onClick={open}>
        Connect a person
      </Button>
      <Modal opened={opened} onClose={close} title="Connect a person" size="lg">
        <Stack>
          <Text size="sm">
            Your backend asks for a link and sends the person there. The answer’s <code>url</code> is good for
            one connection within 15 minutes; <code>reference_id</code> is your own id of the person.
          </Text>
          <Snippet code={code} label="curl command" />
          <Text size="sm" c="dimmed">
            On the server’s own machine: <code>npm run systole -- connect person-1</code>
          </Text>
          <Group justify="flex-end">
            <Button onClick={close}>Close</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
