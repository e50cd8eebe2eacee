/** An activity: everything that was measured on one time axis, its laps, its route. */
import { Stack, Text } from "@mantine/core";
import { useMemo, useState } from "react";
import type { components } from "../../api/schema.gen.ts";
import { type Point, RouteMap } from "../../charts/route-map.tsx";
import { StackedCharts, type Trace, zoomNote } from "../../charts/stacked-charts.tsx";
import { isEmpty, seriesOf, wallSeconds } from "../../charts/wall-clock.ts";
import { duration } from "../../ui/amounts.ts";
import { Figures, rounded } from "../../ui/figures.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { capitalized, inWords } from "../../ui/words.ts";
import { colors } from "./colors.ts";
import { type Lap, Laps, rangeOf } from "./laps.tsx";
import { kilometres, kmPerHour } from "./units.ts";
import { bandsOf, ZoneTimes } from "./zones.tsx";

type Activity = components["schemas"]["Activity"];

export function ActivityView({ record }: { readonly record: Activity }) {
  const heart = record.heart_rate_data?.summary;
  const distance = record.distance_data?.summary?.distance_meters ?? null;
  const route = pointsOf(record);
  const [lap, setLap] = useState<Lap | null>(null);
  const highlight = useMemo(() => (lap === null ? null : rangeOf(lap)), [lap]);
  return (
    <Stack gap="lg">
      <Summary record={record} />
      <Traces record={record} highlight={highlight} />
      <Panel title="Route">
        {route.length > 1 ? (
          <RouteMap points={route} distance={distance} />
        ) : (
          <Text size="sm">No route: this activity holds no positions.</Text>
        )}
      </Panel>
      <ZoneTimes zones={heart?.hr_zone_data} maximum={heart?.user_max_hr_bpm} />
      <Laps record={record} onPoint={setLap} />
    </Stack>
  );
}

function Summary({ record }: { readonly record: Activity }) {
  const { metadata, heart_rate_data: heart, distance_data: distance, power_data: power } = record;
  const seconds =
    record.active_durations_data?.activity_seconds ??
    (metadata.end_time && metadata.start_time
      ? wallSeconds(metadata.end_time) - wallSeconds(metadata.start_time)
      : null);
  const speed = record.movement_data?.avg_speed_meters_per_second;
  return (
    <Figures
      figures={[
        { name: "Sport", value: titled(metadata.name) },
        { name: "Duration", value: seconds === null ? null : duration(seconds) },
        { name: "Distance", value: rounded(kilometres(distance?.summary?.distance_meters), 2), unit: "km" },
        { name: "Mean heart rate", value: rounded(heart?.summary?.avg_hr_bpm), unit: "bpm" },
        { name: "Highest heart rate", value: rounded(heart?.summary?.max_hr_bpm), unit: "bpm" },
        { name: "Mean speed", value: rounded(kmPerHour(speed), 1), unit: "km/h" },
        { name: "Climbed", value: rounded(distance?.summary?.elevation?.gain_actual_meters), unit: "m" },
        { name: "Mean power", value: rounded(power?.avg_watts), unit: "W" },
        { name: "Energy", value: rounded(record.calories_data?.total_burned_calories), unit: "kcal" },
      ]}
    />
  );
}

/** Providers write sports in capitals. */
const titled = (name: string | null | undefined): string | null => (name ? capitalized(inWords(name)) : null);

function tracesOf(record: Activity): Trace[] {
  const {
    heart_rate_data: heart,
    movement_data: movement,
    distance_data: distance,
    power_data: power,
  } = record;
  const all: Trace[] = [
    {
      title: "Heart rate",
      unit: "bpm",
      series: seriesOf(heart?.detailed?.hr_samples, ({ bpm }) => bpm),
      color: colors.heart,
      height: 190,
      bands: bandsOf(heart?.summary?.hr_zone_data, heart?.summary?.user_max_hr_bpm),
    },
    {
      title: "Speed",
      unit: "km/h",
      series: seriesOf(movement?.speed_samples, ({ speed_meters_per_second: speed }) => kmPerHour(speed)),
      color: colors.speed,
      digits: 1,
    },
    {
      title: "Altitude",
      unit: "m",
      series: seriesOf(distance?.detailed?.elevation_samples, ({ elev_meters: meters }) => meters),
      color: colors.altitude,
      kind: "area",
    },
    {
      title: "Power",
      unit: "W",
      series: seriesOf(power?.power_samples, ({ watts }) => watts),
      color: colors.power,
    },
    {
      title: "Cadence",
      unit: "rpm",
      series: seriesOf(movement?.cadence_samples, ({ cadence_rpm: cadence }) => cadence),
      color: colors.cadence,
    },
  ];
  return all.filter(({ series }) => !isEmpty(series));
}

interface TracesProps {
  readonly record: Activity;
  readonly highlight: readonly [number, number] | null;
}

function Traces({ record, highlight }: TracesProps) {
  const traces = useMemo(() => tracesOf(record), [record]);
  const { start_time: start, end_time: end } = record.metadata;
  const span = [wallSeconds(start), wallSeconds(end)] as const;
  if (traces.length === 0) {
    return (
      <Panel title="Over time">
        <Empty title="No samples">The provider sent only the summary of this activity.</Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Over time" note={zoomNote}>
      <StackedCharts
        traces={traces}
        group={record.metadata.summary_id}
        span={span}
        highlight={highlight}
        height={110}
        bridge={60}
      />
      <Text size="xs" c="dimmed" mt="xs">
        Time is that of the watch.
      </Text>
    </Panel>
  );
}

function pointsOf(record: Activity): Point[] {
  return (record.position_data?.position_samples ?? []).flatMap(({ coords_lat_lng_deg: at }) => {
    const [latitude, longitude] = (at ?? []) as (number | null)[];
    return latitude == null || longitude == null ? [] : [[latitude, longitude] as const];
  });
}
