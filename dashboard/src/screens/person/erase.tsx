/** Ends a connection and erases its data; a receipt shows what was deleted. */
import { Button, Group, List, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { components } from "../../api/schema.gen.ts";
import { useApi, usePlace } from "../../shell/environment.ts";
import { count } from "../../ui/amounts.ts";
import { Confirm } from "../../ui/confirm.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Modal } from "../../ui/modal.tsx";
import { inUtc } from "../../ui/time.tsx";
import { inWords } from "../../ui/words.ts";
import type { PersonAnswer } from "./person-answer.ts";

type Receipt = components["schemas"]["ErasureReceipt"];

interface EraseProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly person: PersonAnswer;
}

export function Erase({ opened, onClose, person }: EraseProps) {
  const erase = useApi().useMutation("delete", "/admin/v1/users/{id}");
  const { user_id: id, provider } = person;
  const name = person.reference_id ?? id;
  if (erase.data !== undefined) return <ReceiptShown receipt={erase.data} name={name} />;
  return (
    <Confirm
      opened={opened}
      onClose={onClose}
      title={`Disconnect and erase ${name}?`}
      consequences={[
        `The permission at ${provider} is given back; the person has to connect again to share data.`,
        "Every record, raw body, event and token of this connection is deleted here. This cannot be undone.",
        "What destinations were sent stays there: the receipt names them.",
      ]}
      verb="Disconnect and erase"
      typed={name}
      error={erase.error}
      isPending={erase.isPending}
      onConfirm={() => erase.mutate({ params: { path: { id } } })}
    />
  );
}

const permissions: Readonly<Record<Receipt["permission"], string>> = {
  given_back: "given back",
  ordered: "not reached yet; it is tried again",
  kept: "kept: another connection uses the same account",
};

function ReceiptShown({ receipt, name }: { readonly receipt: Receipt; readonly name: string }) {
  const { environment } = usePlace();
  const navigate = useNavigate();
  const client = useQueryClient();
  const leave = async () => {
    await navigate({ to: "/e/$env/people", params: { env: environment.dev_id } });
    await client.invalidateQueries();
  };
  return (
    <Modal opened onClose={() => void leave()} title={`${name} is erased`} size="lg">
      <Stack>
        <Facts
          facts={[
            ["Receipt", <code key="id">{receipt.id}</code>],
            ["Erased", inUtc(receipt.erased_at)],
            [`Permission at ${receipt.provider}`, permissions[receipt.permission]],
            ...Object.entries(receipt.deleted).map(
              ([table, rows]) => [`Deleted: ${inWords(table)}`, count(rows)] as const,
            ),
            ...receipt.sent_to.map(
              ({ destination_id: id, kind, events }) =>
                [
                  `Was sent to ${kind ?? "a deleted destination"}`,
                  `${count(events)} events (${id})`,
                ] as const,
            ),
          ]}
        />
        <div>
          <Text size="sm" fw={600} mb={4}>
            Not deleted here
          </Text>
          <List size="sm">
            {receipt.not_reached.map((place) => (
              <List.Item key={place}>{place}</List.Item>
            ))}
          </List>
        </div>
        <Group justify="flex-end">
          <Button onClick={() => void leave()}>Close</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
