import { Button, Group, Select, Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useApi, usePlace } from "../../shell/environment.ts";
import { ProblemText } from "../../ui/problem.tsx";
import { targetOf } from "../destinations/target.ts";
import type { DataType } from "../person/data-types.ts";

/** Sends the example as a real event, with signature and attempts. */
export function SendTest({ provider, type }: { readonly provider: string; readonly type: DataType }) {
  const { environment } = usePlace();
  const api = useApi();
  const destinations = api.useQuery("get", "/admin/v1/destinations", {});
  const active = (destinations.data?.data ?? []).filter((one) => one.active);
  const [chosen, setChosen] = useState<string | null>(null);
  const send = api.useMutation("post", "/admin/v1/destinations/{id}/test-event");
  const id = chosen ?? active[0]?.id;
  if (id === undefined) return null;
  return (
    <Group gap="xs">
      <ProblemText error={send.error} />
      {send.data !== undefined && (
        <Text size="sm" role="status">
          On its way:{" "}
          <Link to="/e/$env/events/$id" params={{ env: environment.dev_id, id: send.data.event_id }}>
            see its delivery
          </Link>
        </Text>
      )}
      <Select
        aria-label="Destination"
        size="xs"
        w={220}
        data={active.map((one) => ({ value: one.id, label: targetOf(one) }))}
        value={id}
        onChange={setChosen}
        allowDeselect={false}
      />
      <Button
        size="xs"
        loading={send.isPending}
        onClick={() => send.mutate({ params: { path: { id } }, body: { provider, type } })}
      >
        Send as a test event
      </Button>
    </Group>
  );
}
