/** Weight and blood pressure over months. */
import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { answered } from "../../api/answered.ts";
import type { components } from "../../api/schema.gen.ts";
import { TimeChart } from "../../charts/time-chart.tsx";
import { isEmpty, type Series, seriesOf } from "../../charts/wall-clock.ts";
import { useCalls } from "../../shell/environment.ts";
import { dayMs, dayOf } from "../../ui/days.ts";
import { Panel } from "../../ui/page.tsx";
import { Empty, Loaded } from "../../ui/states.tsx";
import { colors } from "../record/colors.ts";

type Body = components["schemas"]["Body"];

/** Days are asked for one by one; more would be slow to draw and slower to read. */
const shownDays = 120;
const atOnce = 8;

export function BodyTrends({ userId }: { readonly userId: string }) {
  const calls = useCalls();
  const asked = useQuery({
    queryKey: ["body", userId],
    staleTime: 60_000,
    queryFn: () => bodiesOf(calls, userId),
  });
  return <Loaded asked={asked}>{(bodies) => <Trends bodies={bodies} />}</Loaded>;
}

async function bodiesOf(calls: ReturnType<typeof useCalls>, userId: string): Promise<Body[]> {
  const query = { type: "body", limit: shownDays } as const;
  const { data } = await answered(
    calls.GET("/admin/v1/users/{id}/records", { params: { path: { id: userId }, query } }),
  );
  const bodies: Body[] = [];
  for (let from = 0; from < data.length; from += atOnce) {
    const some = data.slice(from, from + atOnce).map(async ({ natural_key: key }) => {
      const path = { id: userId, type: "body", natural_key: key } as const;
      const { record } = await answered(
        calls.GET("/admin/v1/users/{id}/records/{type}/{natural_key}", { params: { path } }),
      );
      return record as Body;
    });
    bodies.push(...(await Promise.all(some)));
  }
  return bodies.reverse();
}

/** Days without a value are left out: a gap would interrupt the line. */
function trendOf(bodies: readonly Body[], read: (body: Body) => number | null | undefined): Series {
  const days = bodies.flatMap((body) => {
    const value = read(body);
    return value == null ? [] : [{ timestamp: body.metadata.start_time, value }];
  });
  return seriesOf(days, ({ value }) => value);
}

const dayLabel = (seconds: number): string => dayOf(seconds * 1000);
/** Days are joined however far apart they are. */
const years = (10 * 365 * dayMs) / 1000;

const leastDays = 30;

/** The time of all trends, at least some weeks: a single day has a place on it, too. */
function spanOf(trends: readonly { readonly series: Series }[]): readonly [number, number] {
  const times = trends.flatMap(({ series }) => series.times);
  const day = dayMs / 1000;
  const [first, last] = [Math.min(...times), Math.max(...times)];
  return [Math.min(first, last - leastDays * day) - day, last + day];
}

function Trends({ bodies }: { readonly bodies: readonly Body[] }) {
  const measured = (read: (one: NonNullable<Body["measurements_data"]>) => number | null | undefined) =>
    trendOf(bodies, ({ measurements_data: data }) => (data ? read(data) : null));
  const trends = [
    {
      title: "Weight",
      unit: "kg",
      digits: 1,
      color: colors.weight,
      series: measured((one) => one.day_avg_weight_kg ?? one.measurements?.[0]?.weight_kg),
    },
    {
      title: "Systolic blood pressure",
      unit: "mmHg",
      color: colors.heart,
      series: trendOf(bodies, (body) => body.blood_pressure_data?.day_avg_systolic_bp),
    },
    {
      title: "Diastolic blood pressure",
      unit: "mmHg",
      color: colors.hrv,
      series: trendOf(bodies, (body) => body.blood_pressure_data?.day_avg_diastolic_bp),
    },
    {
      title: "Resting heart rate",
      unit: "bpm",
      color: colors.heart,
      series: trendOf(bodies, (body) => body.heart_data?.heart_rate_data?.summary?.resting_hr_bpm),
    },
    {
      title: "VO₂max",
      unit: "ml/min/kg",
      color: colors.oxygen,
      series: trendOf(bodies, (body) => body.oxygen_data?.vo2max_ml_per_min_per_kg),
    },
  ].filter(({ series }) => !isEmpty(series));
  if (trends.length === 0) {
    return (
      <Panel title="Over months">
        <Empty title="Nothing was measured">No weight, blood pressure or the like has arrived.</Empty>
      </Panel>
    );
  }
  const span = spanOf(trends);
  return (
    <Panel title="Over months" note={`the last ${shownDays} days with measurements`}>
      <Stack gap="sm">
        {trends.map((trend) => (
          <TimeChart
            key={trend.title}
            {...trend}
            group="months"
            span={span}
            height={150}
            kind="points"
            bridge={years}
            timeLabel={dayLabel}
          />
        ))}
      </Stack>
    </Panel>
  );
}
