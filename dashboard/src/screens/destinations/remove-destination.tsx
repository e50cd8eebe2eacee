import { Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useApi, usePlace } from "../../shell/environment.ts";
import { Confirm } from "../../ui/confirm.tsx";
import type { Destination } from "./destinations.tsx";
import { targetOf } from "./target.ts";

export function RemoveDestination({ destination }: { readonly destination: Destination }) {
  const [opened, { open, close }] = useDisclosure(false);
  const { environment } = usePlace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useApi().useMutation("delete", "/admin/v1/destinations/{id}", {
    onSuccess: async () => {
      await navigate({ to: "/e/$env/destinations", params: { env: environment.dev_id } });
      await client.invalidateQueries();
    },
  });
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" c="dimmed">
        What the target has already stays there.
      </Text>
      <Button
        variant="default"
        c="var(--mantine-color-error)"
        size="xs"
        onClick={open}
        style={{ flex: "none" }}
      >
        Delete destination
      </Button>
      <Confirm
        opened={opened}
        onClose={close}
        title={`Delete ${targetOf(destination)}?`}
        consequences={[
          "Nothing more is sent there, from now on.",
          "What is still on its way there is cancelled.",
          "Its settings and secrets are deleted. Deliveries stay in the list.",
        ]}
        verb="Delete destination"
        error={remove.error}
        isPending={remove.isPending}
        onConfirm={() => remove.mutate({ params: { path: { id: destination.id } } })}
      />
    </Group>
  );
}
