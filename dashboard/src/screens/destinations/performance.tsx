/** The performance of a destination: success, latency, what waits, and whether attempts are held back. */
import { useApi } from "../../shell/environment.ts";
import { count, duration, milliseconds, percent } from "../../ui/amounts.ts";
import { Figures } from "../../ui/figures.tsx";
import { Loaded, Loading } from "../../ui/states.tsx";

const breaker = {
  well: "closed: all is sent",
  failing: "open: attempts spaced out",
  paused: "paused",
  disabled: "switched off",
} as const;

export function Performance({ id }: { readonly id: string }) {
  const params = { path: { id }, query: { hours: 24 } };
  const asked = useApi().useQuery(
    "get",
    "/admin/v1/destinations/{id}/stats",
    { params },
    { refetchInterval: 5_000 },
  );
  const timed = (value: number | null): string => (value === null ? "–" : milliseconds(value));
  return (
    <Loaded asked={asked} loading={<Loading rows={2} height={44} />}>
      {(stats) => (
        <Figures
          figures={[
            {
              name: "Success, last 24 h",
              value: stats.success_rate === null ? "–" : percent(stats.success_rate),
            },
            { name: "Attempts, last 24 h", value: count(stats.attempts) },
            { name: "Latency, median", value: timed(stats.latency.p50_ms) },
            { name: "95th percentile", value: timed(stats.latency.p95_ms) },
            { name: "99th percentile", value: timed(stats.latency.p99_ms) },
            { name: "Waiting", value: count(stats.pending) },
            {
              name: "Lag",
              value: stats.lag_seconds === null ? "none" : duration(Math.round(stats.lag_seconds)),
            },
            { name: "Given up", value: count(stats.dead) },
            { name: "Breaker", value: breaker[stats.state] },
          ]}
        />
      )}
    </Loaded>
  );
}
