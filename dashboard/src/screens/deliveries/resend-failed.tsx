/** Sends again all that was given up, of what the list shows; first it says how many they are. */
import { Button, Group, Stack, Text } from "@mantine/core";
import { answered } from "../../api/answered.ts";
import type { paths } from "../../api/schema.gen.ts";
import { useCalls, useMayChange } from "../../shell/environment.ts";
import { DialogButton, DialogEnd } from "../../ui/dialog.tsx";
import { Facts } from "../../ui/facts.tsx";
import { useOnce } from "../../ui/once.ts";
import { ProblemText } from "../../ui/problem.tsx";
import { type AskPart, type Parts, useParts } from "./parts.ts";
import { Counting, deliveriesIn, leftOut, Sending } from "./sending.tsx";

type Body = NonNullable<
  paths["/admin/v1/dead-letters/replay"]["post"]["requestBody"]
>["content"]["application/json"];

export type FailedFilter = Omit<NonNullable<Body>, "dry_run" | "limit" | "after">;

interface ResendProps {
  readonly filter: FailedFilter;
  /** The filter, as the person who set it reads it. */
  readonly shown: readonly (readonly [string, string])[];
}

export function ResendFailed(props: ResendProps) {
  if (!useMayChange()) return null;
  return (
    <DialogButton name="Resend all failed" title="Resend all that was given up" size="sm">
      {(close) => <Resend {...props} onClose={close} />}
    </DialogButton>
  );
}

function Resend({ filter, shown, onClose }: ResendProps & { readonly onClose: () => void }) {
  const calls = useCalls();
  const counting = useParts({ isDry: true });
  const sending = useParts({ isDry: false });
  const ask: AskPart = async (options) => {
    const body = { ...filter, ...options };
    const { dead_letters: matched, ...part } = await answered(
      calls.POST("/admin/v1/dead-letters/replay", { body }),
    );
    return { matched, ...part };
  };
  useOnce(() => void counting.run(ask));
  const planned = counting.totals.deliveries;
  if (sending.state === "done" || sending.state === "stopped") {
    return (
      <DialogEnd onClose={onClose}>
        <Sending sending={sending} planned={planned} />
      </DialogEnd>
    );
  }
  return (
    <Stack>
      <Text size="sm">
        A delivery is given up when every attempt failed, or the target refused it for good. Each is sent once
        more to its own destination, with the same ids and body. One that was sent again since is left out.
      </Text>
      <Facts facts={shown.length === 0 ? [["Of", "everything in this environment"]] : shown} />
      <Counted counting={counting} />
      <Sending sending={sending} planned={planned} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={counting.state !== "done" || planned === 0}
          loading={sending.state === "running"}
          onClick={() => void sending.run(ask)}
        >
          {planned === 0 ? "Resend" : `Resend ${deliveriesIn(planned)}`}
        </Button>
      </Group>
    </Stack>
  );
}

function Counted({ counting: { state, totals, error } }: { readonly counting: Parts }) {
  if (state === "running") return <Counting totals={totals} />;
  if (state === "failed") return <ProblemText error={error} />;
  if (totals.matched === 0)
    return (
      <Text size="sm">Nothing is left to send again: nothing of this was given up and not sent since.</Text>
    );
  return (
    <Text size="sm">
      <strong>{deliveriesIn(totals.deliveries)}</strong> would be sent again.{leftOut(totals)}
    </Text>
  );
}
