/** Asks before something that cannot be taken back, and says what will happen. */
import { Button, Group, List, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Modal } from "./modal.tsx";
import { ProblemText } from "./problem.tsx";

interface ConfirmProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** Sentences that will be true afterwards. */
  readonly consequences: readonly string[];
  /** Says what the button does. */
  readonly verb: string;
  /** A text that has to be typed first, before something is erased. */
  readonly typed?: string | undefined;
  readonly error?: unknown;
  readonly isPending: boolean;
  readonly onConfirm: () => void;
}

export function Confirm(props: ConfirmProps) {
  const { opened, onClose, title, consequences, verb, typed, isPending, onConfirm } = props;
  const [text, setText] = useState("");
  const isReady = typed === undefined || text === typed;
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="md">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) onConfirm();
        }}
      >
        <Stack gap="md">
          <List size="sm" spacing={6}>
            {consequences.map((consequence) => (
              <List.Item key={consequence}>{consequence}</List.Item>
            ))}
          </List>
          {typed !== undefined && (
            <TextInput
              label={
                <Text span size="sm">
                  Type <strong>{typed}</strong> to confirm
                </Text>
              }
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              autoComplete="off"
            />
          )}
          <ProblemText error={props.error} />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose} data-autofocus={typed === undefined || undefined}>
              Cancel
            </Button>
            <Button type="submit" color="red.8" disabled={!isReady} loading={isPending}>
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
