/** The time that charts show: those with the same `group` show the same. */
import uPlot from "uplot";
import { clock } from "./wall-clock.ts";

/** Zooms and pans by keys as the mouse does, for all charts of the group. */
export function moveByKey(chart: uPlot, key: string): boolean {
  const { min, max } = chart.scales.x ?? {};
  const whole = wholeOf(chart);
  if (min == null || max == null || whole === null) return false;
  const [first, last] = whole;
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

/** The spans that charts were made with; of the others the whole is what their series holds. */
const spans = new WeakMap<uPlot, readonly [number, number]>();

export function setWhole(chart: uPlot, span: readonly [number, number] | undefined): void {
  if (span !== undefined) spans.set(chart, span);
}

function wholeOf(chart: uPlot): readonly [number, number] | null {
  const times = chart.data[0];
  const [first, last] = [times[0], times.at(-1)];
  return spans.get(chart) ?? (first === undefined || last === undefined ? null : [first, last]);
}

export function showWhole(chart: uPlot): void {
  const whole = wholeOf(chart);
  if (whole !== null) zoomGroup(chart, ...whole);
}

export function zoomGroup(chart: uPlot, min: number, max: number): void {
  for (const plot of groupOf(chart)) plot.setScale("x", { min, max });
}

/** The shown range is told in the page as well, since a canvas tells nothing. */
export function tellRange(plot: uPlot): void {
  const { min, max } = plot.scales.x ?? {};
  const host = plot.root.parentElement;
  if (host === null || min == null || max == null) return;
  host.dataset.from = clock(min, true);
  host.dataset.to = clock(max, true);
}
