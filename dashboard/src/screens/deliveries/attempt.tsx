/** One attempt: what was sent, what came back, and how long it took. */
import { Button, Code, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { paths } from "../../api/schema.gen.ts";
import { useApi } from "../../shell/environment.ts";
import { bytes, counted, milliseconds } from "../../ui/amounts.ts";
import { Facts } from "../../ui/facts.tsx";
import { HeaderList } from "../../ui/header-list.tsx";
import { JsonView } from "../../ui/json-view.tsx";
import { Loaded, Loading } from "../../ui/states.tsx";
import { State } from "../../ui/status.tsx";
import { inUtc } from "../../ui/time.tsx";
import classes from "./attempt.module.css";

type Answer =
  paths["/admin/v1/deliveries/{id}/attempts"]["get"]["responses"][200]["content"]["application/json"];
type Attempt = Answer["data"][number];
type SentRequest = NonNullable<Attempt["request"]>;

interface AttemptProps {
  readonly attempt: Attempt;
  readonly eventId: string;
}

export function AttemptShown({ attempt, eventId }: AttemptProps) {
  const { number, started_at: startedAt, duration_ms: took, outcome, request, left_out: leftOut } = attempt;
  return (
    <section className="panel" aria-label={`Attempt ${number}`} style={{ padding: "0.875rem 1rem" }}>
      <Group justify="space-between" mb="xs">
        <Text fw={600} size="sm">
          Attempt {number}
        </Text>
        <State of={outcome} />
      </Group>
      <Facts
        facts={[
          ["Begun", inUtc(startedAt)],
          ["Took", milliseconds(took)],
        ]}
      />
      <Heading>Request</Heading>
      {request === null ? <NoRequest /> : <Request request={request} eventId={eventId} />}
      {leftOut.length > 0 && <LeftOut fields={leftOut} />}
      <Heading>Answer</Heading>
      <AnswerOf attempt={attempt} />
    </section>
  );
}

const Heading = ({ children }: { readonly children: string }) => (
  <Text size="xs" fw={600} c="dimmed" mt="md" mb={4}>
    {children}
  </Text>
);

const NoRequest = () => (
  <Text size="sm" c="dimmed">
    Nothing was sent: the attempt ended before. Attempts from before this was recorded show the same.
  </Text>
);

function Request({ request, eventId }: { readonly request: SentRequest; readonly eventId: string }) {
  const { method, target, headers, bytes: size } = request;
  const count = Object.keys(headers ?? {}).length;
  return (
    <Stack gap="xs">
      <Code block className={classes.line}>
        <strong>{method}</strong> {target}
      </Code>
      {headers !== null && (
        <details className={classes.headers} open>
          <summary>{counted(count, "header")}</summary>
          <HeaderList headers={headers} />
        </details>
      )}
      <Body size={size} eventId={eventId} />
    </Stack>
  );
}

/** The fields that the destination's format could not express. */
function LeftOut({ fields }: { readonly fields: Attempt["left_out"] }) {
  return (
    <>
      <Heading>Left out</Heading>
      <ul className={classes.leftOut}>
        {fields.map(({ record, field, reason }) => (
          <li key={`${record} ${field} ${reason}`}>
            <Text size="sm">
              <Code>{field ?? record}</Code> {reason}
            </Text>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The body is the event's, and read from there. */
function Body({ size, eventId }: { readonly size: number; readonly eventId: string }) {
  const [isShown, setShown] = useState(false);
  return (
    <>
      <Group gap="sm">
        <Text size="sm">Body of {bytes(size)}</Text>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => setShown(!isShown)}
          aria-expanded={isShown}
        >
          {isShown ? "Hide the event's body" : "Show the event's body"}
        </Button>
      </Group>
      {isShown && <EventBody id={eventId} sentBytes={size} />}
    </>
  );
}

function EventBody({ id, sentBytes }: { readonly id: string; readonly sentBytes: number }) {
  const path = { params: { path: { id } } };
  const asked = useApi().useQuery("get", "/admin/v1/events/{id}", path, { staleTime: Infinity });
  return (
    <Loaded asked={asked} loading={<Loading rows={3} />}>
      {(event) => (
        <>
          {event.bytes !== sentBytes && (
            <Text size="xs" c="dimmed">
              The event's body has {bytes(event.bytes)}. What was sent was compressed, in another form, or a
              link to it.
            </Text>
          )}
          <JsonView value={event.body} label="Body of the event" maxHeight="20rem" />
        </>
      )}
    </Loaded>
  );
}

function AnswerOf({ attempt: { status, code, response, outcome } }: { readonly attempt: Attempt }) {
  const isSilent = response === null || response === "";
  const none = outcome === "delivered" ? "taken, without a text" : "none";
  return (
    <>
      <Facts
        facts={[
          ["Status", status === null ? none : String(status)],
          ...(code === null ? [] : [["Error", <Code key="code">{code}</Code>] as const]),
        ]}
      />
      {!isSilent && (
        <section
          className={classes.answer}
          aria-label="Text of the answer"
          // Scrolled by the keyboard as well.
          tabIndex={0}
        >
          {response}
        </section>
      )}
    </>
  );
}
