/** Sends a person's records to the destinations once more. */
import { Select, SimpleGrid, Switch, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { fieldProblems } from "../../api/problem.ts";
import { useApi } from "../../shell/environment.ts";
import { dayMs, dayOf } from "../../ui/days.ts";
import { DialogEnd, DialogForm } from "../../ui/dialog.tsx";
import { Modal } from "../../ui/modal.tsx";
import { type DataType, dataTypes } from "./data-types.ts";

interface RequestDataProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly userId: string;
}

export function RequestData({ opened, onClose, userId }: RequestDataProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Send data to destinations">
      {opened && <RequestForm userId={userId} onClose={onClose} />}
    </Modal>
  );
}

function RequestForm({ userId, onClose }: { readonly userId: string; readonly onClose: () => void }) {
  const [type, setType] = useState<DataType>("activity");
  const [from, setFrom] = useState(() => dayOf(Date.now() - 7 * dayMs));
  const [to, setTo] = useState(() => dayOf(Date.now()));
  const [withSamples, setWithSamples] = useState(true);
  const send = useApi().useMutation("post", "/admin/v1/users/{id}/request-data");
  const errors = fieldProblems(send.error);
  const range = type === "athlete" ? {} : { start_date: from, end_date: to };
  if (send.data !== undefined) {
    return (
      <DialogEnd verb="Close" onClose={onClose}>
        <Text size="sm" role="status">
          It is planned. What is held of that time goes to every destination that takes {type}.
        </Text>
      </DialogEnd>
    );
  }
  return (
    <DialogForm
      request={send}
      verb="Send"
      onSubmit={() =>
        send.mutate({
          params: { path: { id: userId } },
          body: { type, ...range, with_samples: withSamples },
        })
      }
      onClose={onClose}
    >
      <Select
        label="Type"
        data={[...dataTypes]}
        value={type}
        onChange={(value) => setType((value as DataType | null) ?? "activity")}
        allowDeselect={false}
      />
      {type !== "athlete" && (
        <SimpleGrid cols={2}>
          <TextInput
            label="From"
            type="date"
            value={from}
            error={errors.start_date}
            onChange={(event) => setFrom(event.currentTarget.value)}
          />
          <TextInput
            label="To, included"
            type="date"
            value={to}
            error={errors.end_date}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
        </SimpleGrid>
      )}
      <Switch
        label="With samples"
        description="Heart rate and other series, not only the summaries"
        checked={withSamples}
        onChange={(event) => setWithSamples(event.currentTarget.checked)}
      />
    </DialogForm>
  );
}
