/** The five steps: what is true now, and the button that does the next thing. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMayChange, usePlace } from "../../shell/environment.ts";
import { counted } from "../../ui/amounts.ts";
import { SyncWatch, useSandboxed } from "../person/sync-watch.tsx";
import { ConnectPerson } from "./connect-person.tsx";
import { MakeKey } from "./make-key.tsx";
import { SandboxPerson } from "./sandbox-person.tsx";
import { Step } from "./step.tsx";
import type { Steps } from "./steps.ts";
import { UseReceiver } from "./use-receiver.tsx";

interface Checked {
  readonly number: number;
  readonly steps: Steps;
  readonly isDone: boolean;
  readonly isNext: boolean;
}

export function KeyStep({ number, isDone, isNext }: Checked) {
  const { environment } = usePlace();
  return (
    <Step
      number={number}
      title="An API key"
      isDone={isDone}
      isNext={isNext}
      actions={useMayChange() && <MakeKey isFirst={!isDone} />}
    >
      {isDone ? `${environment.dev_id} has a key.` : "Your code signs its calls with a key."}
    </Step>
  );
}

export function ProviderStep({ number, steps: { provider, free }, isDone, isNext }: Checked) {
  return (
    <Step
      number={number}
      title="A source"
      isDone={isDone}
      isNext={isNext}
      actions={<To screen="sources" name={isDone ? "Sources" : "Enable a source"} isNext={isNext} />}
    >
      {provider === null
        ? `Credentials of a provider, or the sandbox that plays one.${free.map((name) => ` ${name} needs none.`).join("")}`
        : `People can connect their ${provider.name}.`}
    </Step>
  );
}

export function WebhookStep({ number, steps: { provider, webhook }, isDone, isNext }: Checked) {
  return (
    <Step
      number={number}
      title="The webhook at the provider"
      isDone={isDone}
      isNext={isNext}
      actions={isDone ? null : <To screen="sources" name="See its state" isNext={isNext} />}
    >
      {webhookSentence(provider, webhook)}
    </Step>
  );
}

function webhookSentence(provider: Steps["provider"], webhook: Steps["webhook"]): string {
  if (provider === null) return "Made by itself once a source is enabled.";
  if (webhook === null) return `${provider.name} has none: it is asked from time to time.`;
  if (webhook.state === "active") return `${provider.name} tells Systole at once what is new.`;
  const why = webhook.error === null ? "" : ` (${webhook.error})`;
  return `Not active yet: ${webhook.state}${why}. ${provider.name} has to reach this server.`;
}

export function DestinationStep({ number, steps: { destination, receiver }, isDone, isNext }: Checked) {
  const mayMake = useMayChange() && receiver === null;
  return (
    <Step
      number={number}
      title="A destination"
      isDone={isDone}
      isNext={isNext}
      actions={
        <>
          {mayMake && <UseReceiver isNext={isNext} />}
          <To
            screen="destinations"
            name={isDone ? "Destinations" : "Add a destination"}
            isNext={isNext && !mayMake}
          />
        </>
      }
    >
      {destinationSentence(destination, receiver)}
    </Step>
  );
}

function destinationSentence(destination: Steps["destination"], receiver: Steps["receiver"]): string {
  if (destination === null) {
    return "Where payloads go: a webhook, a database, a bucket, a queue. Without one of your own, see them here.";
  }
  const isBuiltIn = destination.id === receiver?.destination_id;
  return isBuiltIn
    ? "Payloads go to the built-in receiver below."
    : `Payloads go to your ${destination.kind}.`;
}

export function PersonStep({ number, steps: { people, person }, isDone, isNext }: Checked) {
  const isPlayed = useSandboxed().length > 0;
  return (
    <Step
      number={number}
      title="A person"
      isDone={isDone}
      isNext={isNext}
      actions={
        useMayChange() && (
          <>
            {person !== null && <SyncWatch person={person} size="xs" />}
            {isPlayed && <SandboxPerson isNext={isNext} />}
            <ConnectPerson isNext={isNext && !isPlayed} />
          </>
        )
      }
    >
      {person === null ? (
        "Send them a link on which they connect their wearable, or try it yourself."
      ) : (
        <>
          {`${counted(people, "person is", "people are")} connected. See the data of `}
          <PersonLink person={person} />.
        </>
      )}
    </Step>
  );
}

function PersonLink({ person }: { readonly person: NonNullable<Steps["person"]> }) {
  const { environment } = usePlace();
  const { user_id: user, reference_id: reference } = person;
  return (
    <Link to="/e/$env/people/$user" params={{ env: environment.dev_id, user }}>
      {reference ?? user}
    </Link>
  );
}

interface ToProps {
  readonly screen: "sources" | "destinations";
  readonly name: string;
  readonly isNext: boolean;
}

function To({ screen, name, isNext }: ToProps) {
  const { environment } = usePlace();
  return (
    <Button
      component={Link}
      to={`/e/${environment.dev_id}/${screen}`}
      variant={isNext ? "filled" : "default"}
      size="xs"
    >
      {name}
    </Button>
  );
}
