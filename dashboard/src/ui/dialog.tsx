/** Buttons that open a dialog, and the forms that stand in one. */
import { Button, type ButtonProps, Group, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Modal } from "./modal.tsx";
import { ProblemText } from "./problem.tsx";

interface DialogButtonProps extends Pick<ButtonProps, "size" | "variant" | "style"> {
  readonly name: string;
  readonly title: string;
  readonly children: (close: () => void) => ReactNode;
}

/** Each opening begins anew: nothing typed or shown before is kept. */
export function DialogButton({ name, title, children, ...button }: DialogButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button size="xs" variant="default" {...button} onClick={open}>
        {name}
      </Button>
      <Modal opened={opened} onClose={close} title={title} size="md">
        {opened && children(close)}
      </Modal>
    </>
  );
}

interface DialogFormProps {
  readonly request: { readonly error: unknown; readonly isPending: boolean };
  /** Says what the button does. */
  readonly verb: string;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function DialogForm({ request, verb, onSubmit, onClose, children }: DialogFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack>
        {children}
        <ProblemText error={request.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={request.isPending}>
            {verb}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface DialogEndProps {
  readonly verb?: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** The outcome, and the button that closes the dialog. */
export function DialogEnd({ verb = "Done", onClose, children }: DialogEndProps) {
  return (
    <Stack>
      {children}
      <Group justify="flex-end">
        <Button onClick={onClose}>{verb}</Button>
      </Group>
    </Stack>
  );
}
