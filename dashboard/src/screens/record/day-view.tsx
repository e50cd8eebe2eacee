/** A day: steps, zones and the heart rate around the clock. */
import { Stack } from "@mantine/core";
import type { components } from "../../api/schema.gen.ts";
import { StackedCharts, type Trace, zoomNote } from "../../charts/stacked-charts.tsx";
import { isEmpty, type Series, seriesOf, wallSeconds } from "../../charts/wall-clock.ts";
import { duration } from "../../ui/amounts.ts";
import { Figures, rounded } from "../../ui/figures.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { colors } from "./colors.ts";
import { kilometres } from "./units.ts";
import { ZoneTimes } from "./zones.tsx";

type Daily = components["schemas"]["Daily"];
const hour = 3_600;

export function DayView({ record }: { readonly record: Daily }) {
  const heart = record.heart_rate_data?.summary;
  return (
    <Stack gap="lg">
      <Summary record={record} />
      <Traces record={record} />
      <ZoneTimes zones={heart?.hr_zone_data} maximum={heart?.user_max_hr_bpm} />
    </Stack>
  );
}

function Summary({ record }: { readonly record: Daily }) {
  const { distance_data: distance, calories_data: calories, heart_rate_data: heart } = record;
  const active = record.active_durations_data?.activity_seconds;
  return (
    <Figures
      figures={[
        { name: "Steps", value: rounded(distance?.steps) },
        { name: "Distance", value: rounded(kilometres(distance?.distance_meters), 1), unit: "km" },
        { name: "Active", value: active == null ? null : duration(active) },
        { name: "Energy", value: rounded(calories?.total_burned_calories), unit: "kcal" },
        { name: "By activity", value: rounded(calories?.net_activity_calories), unit: "kcal" },
        { name: "Mean heart rate", value: rounded(heart?.summary?.avg_hr_bpm), unit: "bpm" },
        { name: "Lowest heart rate", value: rounded(heart?.summary?.min_hr_bpm), unit: "bpm" },
        { name: "Strain", value: rounded(record.strain_data?.strain_level) },
      ]}
    />
  );
}

function tracesOf(record: Daily, midnight: number): Trace[] {
  const all: Trace[] = [
    {
      title: "Heart rate",
      unit: "bpm",
      color: colors.heart,
      height: 180,
      series: seriesOf(record.heart_rate_data?.detailed?.hr_samples, ({ bpm }) => bpm),
    },
    {
      title: "Steps",
      unit: "each hour",
      color: colors.steps,
      height: 120,
      kind: "bars",
      bridge: 90_000,
      series: hourly(
        seriesOf(record.distance_data?.detailed?.step_samples, ({ steps }) => steps),
        midnight,
      ),
    },
    {
      title: "Intensity",
      unit: "MET",
      color: colors.power,
      height: 110,
      kind: "area",
      digits: 1,
      series: seriesOf(record.MET_data?.MET_samples, ({ level }) => level),
    },
  ];
  return all.filter(({ series }) => !isEmpty(series));
}

function Traces({ record }: { readonly record: Daily }) {
  const midnight = wallSeconds(`${record.metadata.start_time.slice(0, 10)}T00:00:00`);
  const span = [midnight, midnight + 24 * hour] as const;
  const traces = tracesOf(record, midnight);
  if (traces.length === 0) {
    return (
      <Panel title="Over the day">
        <Empty title="No samples">The provider sent only the sums of this day.</Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Over the day" note={zoomNote}>
      <StackedCharts traces={traces} group="day" span={span} bridge={1_800} />
    </Panel>
  );
}

/** Samples count from the beginning of the day; a bar is what an hour added. An hour without a sample has no bar. */
function hourly({ times, values }: Series, midnight: number): Series {
  const sums = new Array<number | null>(24).fill(null);
  let former = 0;
  times.forEach((at, index) => {
    const value = values[index];
    if (value == null) return;
    const slot = Math.min(23, Math.max(0, Math.floor((at - midnight - 1) / hour)));
    sums[slot] = (sums[slot] ?? 0) + Math.max(0, value - former);
    former = value;
  });
  if (former === 0) return { times: [], values: [] };
  return { times: sums.map((_, slot) => midnight + slot * hour + hour / 2), values: sums };
}
