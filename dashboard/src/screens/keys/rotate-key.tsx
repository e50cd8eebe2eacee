/** Rotating a key is making its successor first: both are good until the former one is revoked. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useApi, usePlace } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { DialogButton } from "../../ui/dialog.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { rememberKey } from "../start/made-key.ts";

export const RotateKey = ({ id, label }: { readonly id: string; readonly label: string }) => (
  <DialogButton name="Rotate" title={`Rotate the key “${label}”`} size="compact-sm">
    {(close) => <Rotation id={id} label={label} onDone={close} />}
  </DialogButton>
);

interface RotationProps {
  readonly id: string;
  readonly label: string;
  readonly onDone: () => void;
}

function Rotation({ id, label, onDone }: RotationProps) {
  const { environment } = usePlace();
  const client = useQueryClient();
  const api = useApi();
  const refreshed = () => client.invalidateQueries();
  const make = api.useMutation("post", "/admin/v1/keys", {
    onSuccess: ({ key }) => {
      rememberKey(environment.dev_id, key);
      return refreshed();
    },
  });
  const revoke = api.useMutation("delete", "/admin/v1/keys/{id}", {
    onSuccess: async () => {
      await refreshed();
      onDone();
    },
  });
  if (make.data === undefined) {
    return (
      <Stack>
        <Text size="sm">
          A new key is made now. Both are good, so that nothing is refused while you change over. Revoke the
          former one when nothing uses it any more.
        </Text>
        <ProblemText error={make.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
          <Button loading={make.isPending} onClick={() => make.mutate({ body: { label } })}>
            Make the new key
          </Button>
        </Group>
      </Stack>
    );
  }
  return (
    <Stack>
      <ShownOnce value={make.data.key} label="New API key" />
      <ProblemText error={revoke.error} />
      <Group justify="space-between" gap="xs">
        <Button
          variant="default"
          c="var(--mantine-color-error)"
          loading={revoke.isPending}
          onClick={() => revoke.mutate({ params: { path: { id } } })}
        >
          Revoke the former key now
        </Button>
        <Button onClick={onDone}>Keep both for now</Button>
      </Group>
    </Stack>
  );
}
