/** A series over the record's own time. Charts with the same `group` share cursor and zoom. */
import "uplot/dist/uPlot.min.css";
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import uPlot from "uplot";
import classes from "./time-chart.module.css";
import { optionsOf, type TimeChartProps, withGaps } from "./time-chart-options.ts";
import { extentOf } from "./wall-clock.ts";
import { moveByKey } from "./zoom.ts";

export function TimeChart(props: TimeChartProps) {
  const { title, unit, series, bridge, height = 120, digits = 0, highlight } = props;
  const host = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLSpanElement>(null);
  const chart = useRef<uPlot | null>(null);
  const scheme = useComputedColorScheme("light");
  const data = useMemo(() => withGaps(series, bridge), [series, bridge]);
  const extent = useMemo(() => extentOf(series), [series]);
  const latest = useRef(props);
  latest.current = props;
  const marked = useRef(highlight);
  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const made = new uPlot(
      optionsOf(latest.current, {
        scheme,
        width: element.clientWidth,
        highlight: () => marked.current,
        tell: (text) => {
          if (legend.current !== null) legend.current.textContent = text;
        },
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
  useEffect(() => {
    marked.current = highlight;
    chart.current?.redraw(false);
  }, [highlight]);
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
        data-highlight={highlight?.join(" ")}
        style={{ height }}
        onKeyDown={(event) => {
          if (chart.current !== null && moveByKey(chart.current, event.key)) event.preventDefault();
        }}
      />
    </figure>
  );
}
