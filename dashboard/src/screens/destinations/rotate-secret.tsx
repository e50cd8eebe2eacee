/** A new signing secret, while the former one still holds. */
import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useApi } from "../../shell/environment.ts";
import { ShownOnce } from "../../ui/code.tsx";
import { DialogButton, DialogEnd } from "../../ui/dialog.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import type { Destination } from "./destinations.tsx";

const overlaps = [
  { value: "0", label: "Not at all: the former one ends now" },
  { value: "3600", label: "An hour" },
  { value: "86400", label: "A day" },
  { value: "604800", label: "A week" },
];

export function RotateSecret({ destination }: { readonly destination: Destination }) {
  const kinds = useApi().useQuery("get", "/admin/v1/destinations/kinds", {});
  const kind = kinds.data?.data.find((one) => one.kind === destination.kind);
  if (kind?.issues_secret !== true) return null;
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" c="dimmed">
        A new secret signs from now on; the former one may go on signing beside it for a while.
      </Text>
      <DialogButton name="Rotate secret" title="Rotate the signing secret" style={{ flex: "none" }}>
        {(close) => <RotationForm id={destination.id} onDone={close} />}
      </DialogButton>
    </Group>
  );
}

function RotationForm({ id, onDone }: { readonly id: string; readonly onDone: () => void }) {
  const [overlap, setOverlap] = useState("86400");
  const client = useQueryClient();
  const rotate = useApi().useMutation("post", "/admin/v1/destinations/{id}/rotate-secret");
  if (rotate.data !== undefined) {
    const leave = () => {
      void client.invalidateQueries();
      onDone();
    };
    return (
      <DialogEnd onClose={leave}>
        <ShownOnce value={rotate.data.secret} label="New signing secret" />
      </DialogEnd>
    );
  }
  return (
    <Stack>
      <Select
        label="How long both secrets sign"
        data={overlaps}
        value={overlap}
        onChange={(value) => setOverlap(value ?? "86400")}
        allowDeselect={false}
      />
      <ProblemText error={rotate.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button
          loading={rotate.isPending}
          onClick={() =>
            rotate.mutate({ params: { path: { id } }, body: { overlap_seconds: Number(overlap) } })
          }
        >
          Make a new secret
        </Button>
      </Group>
    </Stack>
  );
}
