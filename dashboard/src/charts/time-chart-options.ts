/** The options of a chart: axes, colours, cursor and zoom. */
import uPlot from "uplot";
import { clock, type Series } from "./wall-clock.ts";
import { setWhole, showWhole, tellRange, zoomGroup } from "./zoom.ts";

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
  /** A part that stands out, e.g. a lap that is pointed at. */
  readonly highlight?: readonly [number, number] | null | undefined;
  /** A gap longer than this many seconds is not bridged. */
  readonly bridge: number;
  readonly timeLabel?: (seconds: number) => string;
}

export function withGaps({ times, values }: Series, bridge: number): uPlot.AlignedData {
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

interface Setting {
  readonly scheme: "light" | "dark";
  readonly width: number;
  readonly highlight: () => TimeChartProps["highlight"];
  /** Gets the value under the cursor in words, or nothing. */
  readonly tell: (text: string) => void;
}

export function optionsOf(props: TimeChartProps, setting: Setting): uPlot.Options {
  const { color, group, height = 120, kind = "line", hasClock = true, span } = props;
  const { scheme, width } = setting;
  const stroke = color[scheme === "dark" ? 1 : 0];
  return {
    width,
    height,
    padding: [8, 18, hasClock ? 0 : 6, 0],
    tzDate: (seconds) =>
      new Date(new Date(seconds * 1000).getTime() + new Date(seconds * 1000).getTimezoneOffset() * 60_000),
    legend: { show: false },
    cursor: cursorOf(group),
    scales: {
      x: span === undefined ? {} : { min: span[0], max: span[1] },
      y: { range: (_, min, max) => rangeOf(min, max, kind) },
    },
    axes: axesOf(props, scheme),
    series: [{}, seriesOptions(stroke, kind)],
    hooks: hooksOf(props, setting, stroke),
  };
}

const cursorOf = (group: string): uPlot.Cursor => ({
  sync: { key: group, setSeries: false },
  points: { size: 7 },
  drag: { x: true, y: false, setScale: false },
  bind: {
    dblclick: (plot) => () => {
      showWhole(plot);
      return null;
    },
  },
});

function axesOf(
  { digits = 0, hasClock = true, timeLabel = clock }: TimeChartProps,
  scheme: Setting["scheme"],
): uPlot.Axis[] {
  const [text, grid] = scheme === "dark" ? ["#a4abb8", "#2c3038"] : ["#5a6270", "#e9ecf0"];
  const axis = {
    stroke: text,
    font: "11px Inter Variable, system-ui, sans-serif",
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
  return [
    {
      ...axis,
      show: hasClock,
      size: 24,
      space: 80,
      values: (_, splits) => splits.map((at) => timeLabel(at)),
    },
    {
      ...axis,
      size: 46,
      values: (_, splits) => splits.map((value) => value.toFixed(tickDigits(splits, digits))),
    },
  ];
}

function hooksOf(
  { unit, digits = 0, bands = [], span, timeLabel = (seconds) => clock(seconds, true) }: TimeChartProps,
  { highlight, tell }: Setting,
  stroke: string,
): uPlot.Hooks.Arrays {
  return {
    init: [(plot) => setWhole(plot, span)],
    ready: [tellRange],
    drawAxes: [(plot) => drawBands(plot, bands), (plot) => drawHighlight(plot, highlight(), stroke)],
    setScale: [
      (plot, scale) => {
        if (scale === "x") tellRange(plot);
      },
    ],
    setCursor: [
      (plot) => {
        const { idx } = plot.cursor;
        const at = idx == null ? undefined : plot.data[0][idx];
        const value = idx == null ? null : plot.data[1]?.[idx];
        tell(at === undefined || value == null ? "" : `${timeLabel(at)} · ${value.toFixed(digits)} ${unit}`);
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
  };
}

/** A line that is level keeps room above and below; bars stand on zero. */
function rangeOf(
  min: number | null,
  max: number | null,
  kind: NonNullable<TimeChartProps["kind"]>,
): uPlot.Range.MinMax {
  if (min === null || max === null) return [0, 1];
  if (kind === "bars") return [0, Math.max(1, max * 1.1)];
  const room = max === min ? Math.max(1, Math.abs(max) * 0.05) : 0;
  return uPlot.rangeNum(min - room, max + room, 0.1, true);
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

function drawHighlight(plot: uPlot, highlight: TimeChartProps["highlight"], stroke: string): void {
  if (!highlight) return;
  const { top, height } = plot.bbox;
  const [left, right] = highlight.map((at) => plot.valToPos(at, "x", true)) as [number, number];
  plot.ctx.save();
  plot.ctx.fillStyle = `${stroke}33`;
  plot.ctx.fillRect(left, top, right - left, height);
  plot.ctx.restore();
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
