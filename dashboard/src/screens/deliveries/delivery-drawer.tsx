/** A delivery and each of its attempts. */
import { Button, Drawer, Group, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useApi, useMayChange, usePlace } from "../../shell/environment.ts";
import { Facts } from "../../ui/facts.tsx";
import { ProblemText } from "../../ui/problem.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { State } from "../../ui/status.tsx";
import { inUtc, When } from "../../ui/time.tsx";
import { AttemptShown } from "./attempt.tsx";
import type { Delivery } from "./delivery.ts";

interface DrawerProps {
  readonly delivery: Delivery | undefined;
  readonly destination: string;
  readonly onClose: () => void;
}

export function DeliveryDrawer({ delivery, destination, onClose }: DrawerProps) {
  return (
    <Drawer
      opened={delivery !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={`Delivery to ${destination}`}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {delivery !== undefined && <Shown delivery={delivery} />}
    </Drawer>
  );
}

function Shown({ delivery }: { readonly delivery: Delivery }) {
  const { environment } = usePlace();
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          ["Outcome", <State key="state" of={delivery.state} />],
          [
            "Event",
            <Link
              key="event"
              to="/e/$env/events/$id"
              params={{ env: environment.dev_id, id: delivery.event_id }}
            >
              {delivery.event_id}
            </Link>,
          ],
          ["Planned", inUtc(delivery.created_at)],
          ["Next try", <When key="next" at={delivery.next_attempt_at} />],
          ["Finished", delivery.finished_at === null ? "–" : inUtc(delivery.finished_at)],
        ]}
      />
      {useMayChange() && <SendAgain id={delivery.id} isPending={delivery.state === "pending"} />}
      <Attempts delivery={delivery} />
    </Stack>
  );
}

function SendAgain({ id, isPending }: { readonly id: string; readonly isPending: boolean }) {
  const client = useQueryClient();
  const send = useApi().useMutation("post", "/admin/v1/deliveries/{id}/replay", {
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Stack gap="xs">
      <Group>
        <Button
          variant="default"
          size="xs"
          disabled={isPending}
          loading={send.isPending}
          onClick={() => send.mutate({ params: { path: { id } }, body: {} })}
        >
          Send again
        </Button>
        <Text size="sm" c="dimmed" aria-live="polite">
          {send.data !== undefined && "It is on its way, as a delivery of its own."}
          {isPending && "It is on its way already."}
        </Text>
      </Group>
      <ProblemText error={send.error} />
    </Stack>
  );
}

function Attempts({ delivery: { id, event_id: eventId } }: { readonly delivery: Delivery }) {
  const path = { params: { path: { id } } };
  const asked = useApi().useQuery("get", "/admin/v1/deliveries/{id}/attempts", path, {
    refetchInterval: 3_000,
  });
  return (
    <Loaded asked={asked}>
      {({ data }) =>
        data.length === 0 ? (
          <Empty title="Not tried yet" />
        ) : (
          <Stack gap="sm">
            {data.map((attempt) => (
              <AttemptShown key={attempt.id} attempt={attempt} eventId={eventId} />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}
