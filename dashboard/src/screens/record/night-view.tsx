/** A night: its stages, with heart rate, heart-rate variability and breathing below on the same clock. */
import { Stack } from "@mantine/core";
import type { components } from "../../api/schema.gen.ts";
import { Hypnogram, type Stage } from "../../charts/hypnogram.tsx";
import { StackedCharts, type Trace, zoomNote } from "../../charts/stacked-charts.tsx";
import { isEmpty, seriesOf, wallSeconds } from "../../charts/wall-clock.ts";
import { duration } from "../../ui/amounts.ts";
import { Figures, rounded } from "../../ui/figures.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { colors } from "./colors.ts";

type Sleep = components["schemas"]["Sleep"];

export function NightView({ record }: { readonly record: Sleep }) {
  const { start_time: start, end_time: end } = record.metadata;
  const span = [wallSeconds(start), wallSeconds(end)] as const;
  const stages = stagesOf(record, span[1]);
  return (
    <Stack gap="lg">
      <Summary record={record} />
      <Panel title="Stages">
        {stages.length === 0 ? (
          <Empty title="No stages">The provider sent only the durations of this night.</Empty>
        ) : (
          <Hypnogram stages={stages} span={span} />
        )}
      </Panel>
      <Traces record={record} span={span} />
    </Stack>
  );
}

/** A stage lasts until the next begins. */
function stagesOf(record: Sleep, end: number): Stage[] {
  const samples = (record.sleep_durations_data?.hypnogram_samples ?? [])
    .flatMap(({ timestamp, level }) =>
      timestamp && level != null ? [{ from: wallSeconds(timestamp), level }] : [],
    )
    .sort((a, b) => a.from - b.from);
  return samples.map(({ from, level }, index) => ({ from, level, to: samples[index + 1]?.from ?? end }));
}

function Summary({ record }: { readonly record: Sleep }) {
  const durations = record.sleep_durations_data;
  const heart = record.heart_rate_data?.summary;
  const asleep = durations?.asleep?.duration_asleep_state_seconds;
  return (
    <Figures
      figures={[
        { name: "Asleep", value: asleep == null ? null : duration(asleep) },
        { name: "Efficiency", value: rounded(durations?.sleep_efficiency), unit: "%" },
        { name: "Score", value: rounded(record.scores?.sleep) },
        { name: "Interruptions", value: rounded(durations?.awake?.num_wakeup_events) },
        { name: "Mean heart rate", value: rounded(heart?.avg_hr_bpm), unit: "bpm" },
        { name: "Lowest heart rate", value: rounded(heart?.min_hr_bpm), unit: "bpm" },
        { name: "HRV (RMSSD)", value: rounded(heart?.avg_hrv_rmssd), unit: "ms" },
        {
          name: "Breathing",
          value: rounded(record.respiration_data?.breaths_data?.avg_breaths_per_min, 1),
          unit: "/min",
        },
        {
          name: "Skin temperature",
          value: rounded(record.temperature_data?.delta, 1),
          unit: "°C from usual",
        },
      ]}
    />
  );
}

function Traces({ record, span }: { readonly record: Sleep; readonly span: readonly [number, number] }) {
  const { heart_rate_data: heart, respiration_data: respiration } = record;
  const all: Trace[] = [
    {
      title: "Heart rate",
      unit: "bpm",
      color: colors.heart,
      series: seriesOf(heart?.detailed?.hr_samples, ({ bpm }) => bpm),
    },
    {
      title: "HRV (RMSSD)",
      unit: "ms",
      color: colors.hrv,
      series: seriesOf(heart?.detailed?.hrv_samples_rmssd, ({ hrv_rmssd: value }) => value),
    },
    {
      title: "Breathing",
      unit: "breaths/min",
      color: colors.breath,
      digits: 1,
      series: seriesOf(respiration?.breaths_data?.samples, ({ breaths_per_min: value }) => value),
    },
    {
      title: "Oxygen saturation",
      unit: "%",
      color: colors.oxygen,
      series: seriesOf(respiration?.oxygen_saturation_data?.samples, ({ percentage }) => percentage),
    },
  ];
  const traces = all.filter(({ series }) => !isEmpty(series));
  if (traces.length === 0) return null;
  return (
    <Panel title="Over the night" note={zoomNote}>
      <StackedCharts traces={traces} group="night" span={span} height={130} bridge={1_800} />
    </Panel>
  );
}
