/** The way from nothing to the first payload: five steps, each checked live, and code to paste. */
import { Group, Progress, Text } from "@mantine/core";
import { usePlace } from "../../shell/environment.ts";
import { Page, Panel } from "../../ui/page.tsx";
import { Loading, Trouble } from "../../ui/states.tsx";
import { ReceiverPanel } from "../receiver/receiver-panel.tsx";
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
      {steps?.receiver && <ReceiverPanel key={steps.receiver.id} id={steps.receiver.id} />}
      <Snippets userId={steps?.person?.user_id ?? null} />
    </Page>
  );
}

interface ListedStep {
  readonly name: string;
  readonly Shown: typeof KeyStep;
  readonly isDone: (steps: Steps) => boolean;
}

const list: readonly ListedStep[] = [
  { name: "key", Shown: KeyStep, isDone: ({ hasKey }) => hasKey },
  { name: "source", Shown: ProviderStep, isDone: ({ provider }) => provider !== null },
  { name: "webhook", Shown: WebhookStep, isDone: ({ webhook }) => webhook?.state === "active" },
  { name: "destination", Shown: DestinationStep, isDone: ({ destination }) => destination !== null },
  { name: "person", Shown: PersonStep, isDone: ({ people }) => people > 0 },
];

function Checklist({ steps }: { readonly steps: Steps }) {
  const done = list.map(({ isDone }) => isDone(steps));
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
        {list.map(({ name, Shown }, index) => (
          <Shown
            key={name}
            number={index + 1}
            steps={steps}
            isDone={done[index] === true}
            isNext={index === next}
          />
        ))}
      </ol>
      {steps.hasDelivered && (
        <Text size="sm" c="dimmed" ta="center" p="md" style={{ borderTop: "1px solid var(--line)" }}>
          Payloads are being delivered.
        </Text>
      )}
    </Panel>
  );
}
