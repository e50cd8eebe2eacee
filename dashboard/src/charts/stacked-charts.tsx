/** The charts of one record below each other, on one time axis; the lowest shows the clock. */
import { Stack } from "@mantine/core";
import { TimeChart, type TimeChartProps } from "./time-chart.tsx";

export type Trace = Omit<TimeChartProps, "group" | "span" | "hasClock" | "bridge"> &
  Partial<Pick<TimeChartProps, "bridge">>;

interface StackedChartsProps extends Pick<TimeChartProps, "group" | "span" | "height" | "bridge"> {
  /** Each may have a height and a bridge of its own. */
  readonly traces: readonly Trace[];
}

export function StackedCharts({ traces, ...shared }: StackedChartsProps) {
  return (
    <Stack gap={4}>
      {traces.map((trace, index) => (
        <TimeChart key={trace.title} {...shared} {...trace} hasClock={index === traces.length - 1} />
      ))}
    </Stack>
  );
}
