/** A destination that fails or is switched off, in a sentence: what happens now, and what to do. */
import { Text } from "@mantine/core";
import { useApi } from "../../shell/environment.ts";
import { counted } from "../../ui/amounts.ts";
import { Notice } from "../../ui/notice.tsx";
import { inUtc, timeInUtc, useNow } from "../../ui/time.tsx";
import type { Destination } from "./destinations.tsx";

export function Trouble({ destination }: { readonly destination: Destination }) {
  const { disabled_code: code, failing_since: since, active } = destination;
  if (code !== null) {
    return (
      <Notice tone="bad">
        <Text size="sm">
          Systole switched it off (<code>{code}</code>): the target said that it is gone. Once it is back,
          press Resume.
        </Text>
      </Notice>
    );
  }
  if (since === null || !active) return null;
  return (
    <Notice tone="warn">
      <Text size="sm">
        No attempt has succeeded since {inUtc(since)}. <Pause destination={destination} /> Deliveries are
        tried again for a little over 24 hours and then given up. Test connection, below, says what is wrong.
      </Text>
    </Notice>
  );
}

function Pause({ destination: { id, breaker } }: { readonly destination: Destination }) {
  const params = { path: { id } };
  const stats = useApi().useQuery("get", "/admin/v1/destinations/{id}/stats", { params });
  const now = useNow(1_000);
  const waiting = stats.data === undefined ? "" : `; ${waitSentence(stats.data.pending)}`;
  if (breaker === null) return <>It is not paused{waiting}.</>;
  return <>{`${pauseSentence(breaker, now)}${waiting}.`}</>;
}

const waitSentence = (count: number): string =>
  `${counted(count, "delivery", "deliveries")} ${count === 1 ? "waits" : "wait"}`;

type Breaker = NonNullable<Destination["breaker"]>;

function pauseSentence({ paused_until: until, failures }: Breaker, now: number): string {
  const after = `after ${counted(failures, "failure")} in a row`;
  if (Date.parse(until) > now) return `Paused until ${timeInUtc(until)} ${after}`;
  return `The pause ${after} is over: the next delivery is tried`;
}
