/** A series over the record's own time. Charts with the same `group` share cursor and zoom. */
import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import classes from "./time-chart.module.css";
import { clock, extentOf, type Series } from "./wall-clock.ts";

export interface Band {
  readonly from: number;
  readonly to: number;
  readonly color: string;
}

export interface TimeChartProps {
  readonly title: string;
  readonly unit: string;
  readonly series: Series;
  /** A colour in light and one in dark. */
  readonly color: readonly [string, string];
  readonly group: string;
  readonly height?: number;
  readonly digits?: number;
  /** Zones, drawn behind the series. */
  readonly bands?: readonly Band[];
  readonly kind?: "line" | "area" | "points" | "bars";
  /** The lowest of several alone shows the clock. */
  readonly hasClock?: boolean;
  /** The whole record, so that every chart has one time axis. */
  readonly span?: readonly [number, number] | undefined;
  /** A gap longer than this many seconds is not bridged. */
  readonly bridge: number;
  readonly timeLabel?: (seconds: number) => string;
}

export function TimeChart(props: TimeChartProps) {
  const { title, unit, series, bridge, height = 120, digits = 0 } = props;
  const host = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLSpanElement>(null);
  const chart = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme("light");
  const data = useMemo(() => withGaps(series, bridge), [series, bridge]);
  const extent = useMemo(() => extentOf(series), [series]);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const made = new uPlot(
      optionsOf(latest.current, scheme, element.clientWidth, (text) => {
        if (legend.current !== null) legend.current.textContent = text;
      }),
      data,
      element,
    );
    chart.current = made;
    const resizing = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    resizing.observe(element);
    return () => {
      resizing.disconnect();
      made.destroy();
    };
  }, [data, scheme, height]);
  const summary =
    extent === null
      ? `${title}: nothing was recorded`
      : `${title} in ${unit}: lowest ${extent.min.toFixed(digits)}, mean ${extent.avg.toFixed(digits)}, highest ${extent.max.toFixed(digits)}`;
  return (
    <figure className={classes.figure}>
      <figcaption className={classes.caption}>
        <span>
          <strong>{title}</strong> <span className={classes.unit}>{unit}</span>
        </span>
        <span ref={legend} className={classes.value} />
        {extent !== null && (
          <span className={classes.extent}>
            {extent.min.toFixed(digits)} – {extent.max.toFixed(digits)}, mean {extent.avg.toFixed(digits)}
          </span>
        )}
      </figcaption>
      <div
        ref={host}
        role="img"
        aria-label={`${summary}. Arrow keys move along it, plus and minus zoom.`}
        tabIndex={0}
        className={classes.plot}
        style={{ height }}
        onKeyDown={(event) => {
          if (chart.current !== null && moveByKey(chart.current, event.key)) event.preventDefault();
        }}
      />
    </figure>
  );
}

/** Zooms and pans by keys as the mouse does, for all charts of the group. */
function moveByKey(chart: uPlot, key: string): boolean {
  const { min, max } = chart.scales.x ?? {};
  const times = chart.data[0];
  const [first, last] = [times[0], times.at(-1)];
  if (min == null || max == null || first === undefined || last === undefined) return false;
  const width = max - min;
  const moves: Readonly<Record<string, readonly [number, number]>> = {
    ArrowLeft: [min - width / 4, max - width / 4],
    ArrowRight: [min + width / 4, max + width / 4],
    "+": [min + width / 4, max - width / 4],
    "=": [min + width / 4, max - width / 4],
    "-": [min - width / 2, max + width / 2],
    Escape: [first, last],
  };
  const move = moves[key];
  if (move === undefined) return false;
  const [from, to] = [Math.max(first, move[0]), Math.min(last, move[1])];
  if (to - from < 5) return true;
  zoomGroup(chart, from, to);
  return true;
}

const groupOf = (chart: uPlot): readonly uPlot[] => {
  const key = chart.cursor.sync?.key;
  return key === undefined ? [chart] : uPlot.sync(key).plots;
};

function zoomGroup(chart: uPlot, min: number, max: number): void {
  for (const plot of groupOf(chart)) plot.setScale("x", { min, max });
}

function withGaps({ times, values }: Series, bridge: number): uPlot.AlignedData {
  const [x, y]: [number[], (number | null)[]] = [[], []];
  times.forEach((at, index) => {
    const former = times[index - 1];
    if (former !== undefined && at - former > bridge) {
      x.push(former + 1);
      y.push(null);
    }
    x.push(at);
    y.push(values[index] ?? null);
  });
  return [x, y];
}

function optionsOf(
  props: TimeChartProps,
  scheme: "light" | "dark",
  width: number,
  tell: (text: string) => void,
): uPlot.Options {
  const {
    unit,
    color,
    group,
    height = 120,
    digits = 0,
    bands = [],
    kind = "line",
    hasClock = true,
    span,
  } = props;
  const timeLabel = props.timeLabel ?? ((seconds: number) => clock(seconds, true));
  const stroke = color[scheme === "dark" ? 1 : 0];
  const [text, grid] = scheme === "dark" ? ["#a4abb8", "#2c3038"] : ["#5a6270", "#e9ecf0"];
  const axis = {
    stroke: text,
    font: "11px Inter Variable, system-ui, sans-serif",
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height,
    padding: [8, 18, hasClock ? 0 : 6, 0],
    tzDate: (seconds) =>
      new Date(new Date(seconds * 1000).getTime() + new Date(seconds * 1000).getTimezoneOffset() * 60_000),
    legend: { show: false },
    cursor: {
      sync: { key: group, setSeries: false },
      points: { size: 7 },
      drag: { x: true, y: false, setScale: false },
    },
    scales: {
      x: span === undefined ? {} : { min: span[0], max: span[1] },
    },
    axes: [
      {
        ...axis,
        show: hasClock,
        size: 24,
        space: 80,
        values: (_, splits) => splits.map((at) => (props.timeLabel ?? clock)(at)),
      },
      {
        ...axis,
        size: 46,
        values: (_, splits) => splits.map((value) => value.toFixed(tickDigits(splits, digits))),
      },
    ],
    series: [{}, seriesOptions(stroke, kind)],
    hooks: {
      drawAxes: [(plot) => drawBands(plot, bands)],
      setCursor: [
        (plot) => {
          const { idx } = plot.cursor;
          const at = idx == null ? undefined : plot.data[0][idx];
          const value = idx == null ? null : plot.data[1]?.[idx];
          tell(
            at === undefined || value == null ? "" : `${timeLabel(at)} · ${value.toFixed(digits)} ${unit}`,
          );
        },
      ],
      setSelect: [
        (plot) => {
          const { left, width: selected } = plot.select;
          if (selected < 4) return;
          zoomGroup(plot, plot.posToVal(left, "x"), plot.posToVal(left + selected, "x"));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
}

const tickDigits = (splits: readonly number[], digits: number): number =>
  splits.every((value) => Number.isInteger(value)) ? 0 : Math.max(1, digits);

function seriesOptions(stroke: string, kind: NonNullable<TimeChartProps["kind"]>): uPlot.Series {
  const base: uPlot.Series = { stroke, width: 1.5, spanGaps: false, points: { show: false } };
  if (kind === "area") return { ...base, fill: `${stroke}2e` };
  if (kind === "points") return { ...base, points: { show: true, size: 5, fill: stroke } };
  if (kind === "bars") {
    const paths = uPlot.paths.bars?.({ size: [0.9, 40], radius: 0.15 });
    return { ...base, fill: `${stroke}b0`, width: 0, ...(paths === undefined ? {} : { paths }) };
  }
  return base;
}

function drawBands(plot: uPlot, bands: readonly Band[]): void {
  const { left, width, top, height } = plot.bbox;
  plot.ctx.save();
  plot.ctx.beginPath();
  plot.ctx.rect(left, top, width, height);
  plot.ctx.clip();
  for (const { from, to, color } of bands) {
    const upper = plot.valToPos(to, "y", true);
    plot.ctx.fillStyle = color;
    plot.ctx.fillRect(left, upper, width, plot.valToPos(from, "y", true) - upper);
  }
  plot.ctx.restore();
}
