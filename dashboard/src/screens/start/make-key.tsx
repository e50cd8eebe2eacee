/** Makes an API key and shows it this once. */
import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi, usePlace } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { rememberKey } from "./made-key.ts";

export function MakeKey({
  isFirst,
  name = "Make a key",
}: {
  readonly isFirst: boolean;
  readonly name?: string;
}) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant={isFirst ? "filled" : "default"} onClick={open}>
        {name}
      </Button>
      <Modal opened={opened} onClose={close} title="New API key" size="md">
        {opened && <KeyForm onDone={close} />}
      </Modal>
    </>
  );
}

function KeyForm({ onDone }: { readonly onDone: () => void }) {
  const [label, setLabel] = useState("backend");
  const { environment } = usePlace();
  const client = useQueryClient();
  const make = useApi().useMutation("post", "/admin/v1/keys", {
    onSuccess: ({ key }) => {
      rememberKey(environment.dev_id, key);
      return client.invalidateQueries();
    },
  });
  if (make.data !== undefined) {
    return (
      <Stack>
        <ShownOnce value={make.data.key} label="API key" />
        <Group justify="flex-end">
          <Button onClick={onDone}>Done</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ body: { label } });
      }}
    >
      <Stack>
        <TextInput
          label="What it is for"
          description="Only you see this. It helps to tell keys apart when one is revoked."
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
          data-autofocus
        />
        <ProblemText error={make.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending}>
            Make key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
