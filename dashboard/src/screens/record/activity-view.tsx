/** An activity: everything that was measured on one time axis, its laps, its route. */
import { Stack, Text } from "@mantine/core";
import type { components } from "../../api/schema.gen.ts";
import { type Point, RouteMap } from "../../charts/route-map.tsx";
import { TimeChart } from "../../charts/time-chart.tsx";
import { isEmpty, type Series, seriesOf, wallSeconds } from "../../charts/wall-clock.ts";
import { duration } from "../../ui/amounts.ts";
import { Figures, rounded } from "../../ui/figures.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { colors } from "./colors.ts";
import { Laps } from "./laps.tsx";
import { bandsOf, ZoneTimes } from "./zones.tsx";

type Activity = components["schemas"]["Activity"];

export function ActivityView({ record }: { readonly record: Activity }) {
  const heart = record.heart_rate_data?.summary;
  const distance = record.distance_data?.summary?.distance_meters ?? null;
  const route = pointsOf(record);
  return (
    <Stack gap="lg">
      <Summary record={record} />
      <Traces record={record} />
      {route.length > 1 && (
        <Panel title="Route">
          <RouteMap points={route} distance={distance} />
        </Panel>
      )}
      <ZoneTimes zones={heart?.hr_zone_data} maximum={heart?.user_max_hr_bpm} />
      <Laps record={record} />
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
  const meters = distance?.summary?.distance_meters;
  const speed = record.movement_data?.avg_speed_meters_per_second;
  return (
    <Figures
      figures={[
        { name: "Sport", value: titled(metadata.name) },
        { name: "Duration", value: seconds === null ? null : duration(seconds) },
        { name: "Distance", value: rounded(meters == null ? null : meters / 1000, 2), unit: "km" },
        { name: "Mean heart rate", value: rounded(heart?.summary?.avg_hr_bpm), unit: "bpm" },
        { name: "Highest heart rate", value: rounded(heart?.summary?.max_hr_bpm), unit: "bpm" },
        { name: "Mean speed", value: rounded(speed == null ? null : speed * 3.6, 1), unit: "km/h" },
        { name: "Climbed", value: rounded(distance?.summary?.elevation?.gain_actual_meters), unit: "m" },
        { name: "Mean power", value: rounded(power?.avg_watts), unit: "W" },
        { name: "Energy", value: rounded(record.calories_data?.total_burned_calories), unit: "kcal" },
      ]}
    />
  );
}

/** Providers write sports in capitals. */
function titled(name: string | null | undefined): string | null {
  if (!name) return null;
  const text = name.toLowerCase().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

interface Trace {
  readonly title: string;
  readonly unit: string;
  readonly series: Series;
  readonly color: readonly [string, string];
  readonly digits: number;
}

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
      digits: 0,
    },
    {
      title: "Speed",
      unit: "km/h",
      series: seriesOf(movement?.speed_samples, ({ speed_meters_per_second: speed }) =>
        speed == null ? null : speed * 3.6,
      ),
      color: colors.speed,
      digits: 1,
    },
    {
      title: "Altitude",
      unit: "m",
      series: seriesOf(distance?.detailed?.elevation_samples, ({ elev_meters: meters }) => meters),
      color: colors.altitude,
      digits: 0,
    },
    {
      title: "Power",
      unit: "W",
      series: seriesOf(power?.power_samples, ({ watts }) => watts),
      color: colors.power,
      digits: 0,
    },
    {
      title: "Cadence",
      unit: "rpm",
      series: seriesOf(movement?.cadence_samples, ({ cadence_rpm: cadence }) => cadence),
      color: colors.cadence,
      digits: 0,
    },
  ];
  return all.filter(({ series }) => !isEmpty(series));
}

function Traces({ record }: { readonly record: Activity }) {
  const traces = tracesOf(record);
  const heart = record.heart_rate_data?.summary;
  const bands = bandsOf(heart?.hr_zone_data, heart?.user_max_hr_bpm);
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
    <Panel title="Over time" note="drag to zoom, double-click to see all">
      <Stack gap={4}>
        {traces.map(({ title, unit, series, color, digits }, index) => (
          <TimeChart
            key={title}
            title={title}
            unit={unit}
            series={series}
            color={color}
            digits={digits}
            group={record.metadata.summary_id}
            height={title === "Heart rate" ? 190 : 110}
            bands={title === "Heart rate" ? bands : []}
            kind={title === "Altitude" ? "area" : "line"}
            hasClock={index === traces.length - 1}
            span={span}
            bridge={60}
          />
        ))}
      </Stack>
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
