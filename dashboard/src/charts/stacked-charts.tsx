/** The charts of one record below each other, on one time axis; the lowest shows the clock. */
import { Stack } from "@mantine/core";
import { TimeChart } from "./time-chart.tsx";
import type { TimeChartProps } from "./time-chart-options.ts";

export type Trace = Omit<TimeChartProps, "group" | "span" | "hasClock" | "bridge"> &
  Partial<Pick<TimeChartProps, "bridge">>;

/** Says how to zoom, where there is a mouse. */
export const zoomNote = <span className="with-mouse">drag to zoom, double-click to see all</span>;

interface StackedChartsProps
  extends Pick<TimeChartProps, "group" | "span" | "height" | "bridge" | "highlight"> {
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
