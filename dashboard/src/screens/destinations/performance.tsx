/** The performance of a destination: success, latency, what waits, and whether attempts are held back. */
import { Text } from "@mantine/core";
import { useApi } from "../../shell/environment.ts";
import { count, counted, duration, milliseconds, percent } from "../../ui/amounts.ts";
import { Figures } from "../../ui/figures.tsx";
import { Loaded, Loading } from "../../ui/states.tsx";
import { When } from "../../ui/time.tsx";
import type { Destination } from "./destinations.tsx";
import { mostWaiting, type Stats } from "./stats.ts";

export function Performance({ destination }: { readonly destination: Destination }) {
  const params = { path: { id: destination.id } };
  const asked = useApi().useQuery("get", "/admin/v1/destinations/{id}/stats", { params }, everyMs);
  return (
    <Loaded asked={asked} loading={<Loading rows={2} height={44} />}>
      {(stats) => (
        <div>
          <Figures figures={figuresOf(stats, destination)} />
          <Text size="xs" c="dimmed" mt={6}>
            <Basis stats={stats} /> Latency is how long the attempts took that delivered. Lag is the age of
            the oldest delivery that waits.
          </Text>
        </div>
      )}
    </Loaded>
  );
}

const everyMs = { refetchInterval: 5_000 };

function Basis({ stats: { attempts, complete, counted_from: from } }: { readonly stats: Stats }) {
  if (attempts === 0) return "There was no attempt in the last 24 hours.";
  if (complete) return `Success and latency are of ${counted(attempts, "attempt")} in the last 24 hours.`;
  return (
    <>
      Success and latency are of the newest {count(attempts)} attempts; the first of them was{" "}
      <When at={from} />.
    </>
  );
}

function figuresOf(stats: Stats, destination: Destination) {
  const { latency, success_rate: rate, lag_seconds: lag } = stats;
  const timed = (value: number | null): string => (value === null ? "–" : milliseconds(value));
  return [
    { name: "Success", value: rate === null ? "–" : percent(rate) },
    { name: "Latency, median", value: timed(latency.p50_ms) },
    { name: "95th percentile", value: timed(latency.p95_ms) },
    { name: "99th percentile", value: timed(latency.p99_ms) },
    { name: "Waiting", value: atMost(stats.pending) },
    { name: "Lag", value: lag === null ? "none" : duration(Math.round(lag)) },
    { name: "Given up", value: atMost(stats.dead) },
    { name: "Breaker", value: breakerOf(stats, destination) },
  ];
}

/** Long backlogs are not counted to their end. */
const atMost = (value: number): string =>
  value >= mostWaiting ? `${count(mostWaiting)} or more` : count(value);

function breakerOf({ state }: Stats, { breaker }: Destination): string {
  if (state === "paused") return "paused by hand";
  if (state === "disabled") return "switched off";
  return breaker === null ? "closed" : "open";
}
