/** From nothing to the first payload: five steps, each checked live, and what to paste into one's own code. */
import { Group, Progress, Stack, Text } from "@mantine/core";
import { usePlace } from "../../shell/environment.ts";
import { Page, Panel } from "../../ui/page.tsx";
import { Loading, Trouble } from "../../ui/states.tsx";
import { Snippets } from "./snippets.tsx";
import { DestinationStep, KeyStep, PersonStep, ProviderStep, WebhookStep } from "./step-list.tsx";
import { type Steps, useSteps } from "./steps.ts";

export function Start() {
  const { environment } = usePlace();
  const { steps, error, retry } = useSteps();
  return (
    <Page
      title="Start"
      lead={`Five steps to the first payload in ${environment.name}. Each is checked live.`}
    >
      {steps === undefined ? (
        <Panel title="Your first payload">
          {error === null ? <Loading rows={5} height={44} /> : <Trouble error={error} retry={retry} />}
        </Panel>
      ) : (
        <Checklist steps={steps} />
      )}
      <Snippets userId={steps?.firstUser ?? null} />
    </Page>
  );
}

const isDone = (steps: Steps): readonly boolean[] => [
  steps.hasKey,
  steps.provider !== null,
  steps.webhook?.state === "active",
  steps.destination !== null,
  steps.people > 0,
];

function Checklist({ steps }: { readonly steps: Steps }) {
  const done = isDone(steps);
  const count = done.filter(Boolean).length;
  const next = done.indexOf(false);
  return (
    <Panel
      title="Your first payload"
      note={count === done.length ? "Everything is set up" : `${count} of ${done.length} done`}
      actions={
        <Group w={140}>
          <Progress.Root size="sm" w="100%">
            <Progress.Section
              value={(count / done.length) * 100}
              color={count === done.length ? "teal.7" : "crimson"}
              aria-label={`${count} of ${done.length} steps done`}
            />
          </Progress.Root>
        </Group>
      }
      flush
    >
      <ol style={{ listStyle: "none", margin: 0, padding: 0 }}>
        <KeyStep steps={steps} isDone={done[0] === true} isNext={next === 0} />
        <ProviderStep steps={steps} isDone={done[1] === true} isNext={next === 1} />
        <WebhookStep steps={steps} isDone={done[2] === true} isNext={next === 2} />
        <DestinationStep steps={steps} isDone={done[3] === true} isNext={next === 3} />
        <PersonStep steps={steps} isDone={done[4] === true} isNext={next === 4} />
      </ol>
      {steps.delivered > 0 && (
        <Stack p="md" gap={0} style={{ borderTop: "1px solid var(--line)" }}>
          <Text size="sm" c="dimmed" ta="center">
            Payloads are being delivered.
          </Text>
        </Stack>
      )}
    </Panel>
  );
}
