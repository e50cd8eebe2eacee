/** Rotating a key makes its successor; the former one is valid for a while, and ends by itself. */
import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi, usePlace } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { DialogButton, DialogEnd } from "../../ui/dialog.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { inUtc } from "../../ui/time.tsx";
import { rememberKey } from "../start/made-key.ts";

export const RotateKey = ({ id, label }: { readonly id: string; readonly label: string }) => (
  <DialogButton name="Rotate" title={`Rotate the key “${label}”`} size="compact-sm">
    {(close) => <Rotation id={id} onDone={close} />}
  </DialogButton>
);

const whiles = [
  { value: String(3_600), label: "for another hour" },
  { value: String(86_400), label: "for another day" },
  { value: String(7 * 86_400), label: "for another week" },
  { value: String(30 * 86_400), label: "for another 30 days" },
];

function Rotation({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const { environment } = usePlace();
  const client = useQueryClient();
  const [seconds, setSeconds] = useState(String(86_400));
  const rotate = useApi().useMutation("post", "/admin/v1/keys/{id}/rotate", {
    onSuccess: ({ key }) => {
      rememberKey(environment.dev_id, key);
      return client.invalidateQueries();
    },
  });
  if (rotate.data !== undefined) {
    const { key, former } = rotate.data;
    return (
      <DialogEnd onClose={onDone}>
        <ShownOnce value={key} label="New API key" />
        {former.expires_at !== null && (
          <Text size="sm">
            The former key works until <strong>{inUtc(former.expires_at)}</strong>, and is refused after that.
            Revoke it earlier if nothing uses it any more.
          </Text>
        )}
      </DialogEnd>
    );
  }
  return (
    <Stack>
      <Text size="sm">
        A new key is made now. Both work for a while, so that nothing is refused while you change over.
      </Text>
      <NativeSelect
        label="The former key works"
        data={whiles}
        value={seconds}
        onChange={(event) => setSeconds(event.currentTarget.value)}
      />
      <ProblemText error={rotate.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button
          loading={rotate.isPending}
          onClick={() =>
            rotate.mutate({ params: { path: { id } }, body: { valid_for_seconds: Number(seconds) } })
          }
        >
          Make the new key
        </Button>
      </Group>
    </Stack>
  );
}
