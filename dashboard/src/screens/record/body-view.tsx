/** The measurements of a body on one day. */
import { Stack } from "@mantine/core";
import type { components } from "../../api/schema.gen.ts";
import { StackedCharts, type Trace } from "../../charts/stacked-charts.tsx";
import { isEmpty, seriesOf } from "../../charts/wall-clock.ts";
import { type Figure, Figures, rounded } from "../../ui/figures.tsx";
import { Panel } from "../../ui/page.tsx";
import { Empty } from "../../ui/states.tsx";
import { colors } from "./colors.ts";

type Body = components["schemas"]["Body"];

export function BodyView({ record }: { readonly record: Body }) {
  const { measurements_data: measured, blood_pressure_data: pressure, oxygen_data: oxygen } = record;
  const one = measured?.measurements?.[0];
  const traces = tracesOf(record);
  const figures: Figure[] = [
    { name: "Weight", value: rounded(measured?.day_avg_weight_kg ?? one?.weight_kg, 1), unit: "kg" },
    { name: "Height", value: rounded(one?.height_cm), unit: "cm" },
    { name: "Body mass index", value: rounded(measured?.day_avg_bmi ?? one?.BMI, 1) },
    { name: "Body fat", value: rounded(one?.bodyfat_percentage, 1), unit: "%" },
    { name: "Systolic", value: rounded(pressure?.day_avg_systolic_bp), unit: "mmHg" },
    { name: "Diastolic", value: rounded(pressure?.day_avg_diastolic_bp), unit: "mmHg" },
    { name: "Oxygen saturation", value: rounded(oxygen?.avg_saturation_percentage), unit: "%" },
    { name: "VO₂max", value: rounded(oxygen?.vo2max_ml_per_min_per_kg), unit: "ml/min/kg" },
    {
      name: "Resting heart rate",
      value: rounded(record.heart_data?.heart_rate_data?.summary?.resting_hr_bpm),
      unit: "bpm",
    },
  ];
  const hasFigures = figures.some(({ value }) => value !== null);
  return (
    <Stack gap="lg">
      <Figures figures={figures} />
      {traces.length === 0 ? (
        <Panel>
          {hasFigures ? (
            <Empty title="No series">This record holds single values only.</Empty>
          ) : (
            <Empty title="Nothing to draw">What this record holds is under JSON and source.</Empty>
          )}
        </Panel>
      ) : (
        <Panel title="Over the day">
          <StackedCharts traces={traces} group="body" bridge={7_200} />
        </Panel>
      )}
    </Stack>
  );
}

function tracesOf(record: Body): Trace[] {
  const temperature = record.temperature_data;
  const all: Trace[] = [
    {
      title: "Skin temperature",
      unit: "°C",
      digits: 1,
      color: colors.temperature,
      series: seriesOf(temperature?.skin_temperature_samples, ({ temperature_celsius: value }) => value),
    },
    {
      title: "Body temperature",
      unit: "°C",
      digits: 1,
      color: colors.temperature,
      series: seriesOf(temperature?.body_temperature_samples, ({ temperature_celsius: value }) => value),
    },
    {
      title: "Oxygen saturation",
      unit: "%",
      color: colors.oxygen,
      series: seriesOf(record.oxygen_data?.saturation_samples, ({ percentage }) => percentage),
    },
  ];
  return all.filter(({ series }) => !isEmpty(series) && series.times.length > 1);
}
