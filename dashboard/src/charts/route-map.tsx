/** A route drawn to scale on plain ground: no tiles, so that no map server learns where somebody was. */
import { Text } from "@mantine/core";
import { useRef } from "react";
import classes from "./route-map.module.css";
import { useWidth } from "./use-width.ts";

export type Point = readonly [latitude: number, longitude: number];

/** The bounds of the height of the picture, which is half as high as it is wide. */
const heights = { least: 240, most: 420 } as const;
const margin = 28;
/** Metres of a degree of latitude. */
const degree = 111_320;
/** Drawing more would not be seen. */
const mostPoints = 1_500;

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Ground {
  readonly place: (point: Point) => readonly [number, number];
  /** Pixels a metre. */
  readonly scale: number;
}

export function RouteMap({
  points,
  distance,
}: {
  readonly points: readonly Point[];
  readonly distance: number | null;
}) {
  const frame = useRef<HTMLElement>(null);
  const width = useWidth(frame);
  const height = Math.min(heights.most, Math.max(heights.least, width / 2));
  const thinned = thin(points);
  const { place, scale } = groundOf(thinned, { width, height });
  const path = thinned
    .map((point) =>
      place(point)
        .map((value) => value.toFixed(1))
        .join(","),
    )
    .join(" ");
  const [start, end] = [thinned[0], thinned.at(-1)];
  const bar = barOf(scale, width);
  const length = distance === null ? "" : `, ${(distance / 1000).toFixed(1)} km`;
  return (
    <figure ref={frame} style={{ margin: 0 }}>
      <svg
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        className={classes.map}
        role="img"
        aria-label={`Route${length}, north is up`}
      >
        <rect width={width} height={height} className={classes.ground} />
        <polyline points={path} className={classes.route} />
        {start !== undefined && (
          <circle cx={place(start)[0]} cy={place(start)[1]} r={6} className={classes.start} />
        )}
        {end !== undefined && <circle cx={place(end)[0]} cy={place(end)[1]} r={6} className={classes.end} />}
        <g transform={`translate(${width - margin - bar.pixels} ${height - 16})`}>
          <path d={`M0 -5 V0 H${bar.pixels} V-5`} className={classes.bar} />
          <text x={bar.pixels / 2} y={-8} textAnchor="middle" className={classes.label}>
            {bar.name}
          </text>
        </g>
        <text x={margin} y={24} className={classes.label}>
          N ↑
        </text>
      </svg>
      <Text size="xs" c="dimmed" component="figcaption" mt={4}>
        <span className={classes.dot} data-end="start" aria-hidden /> Start{" "}
        <span className={classes.dot} data-end="end" aria-hidden /> End. Drawn here from the recorded
        positions; no map service is asked.
      </Text>
    </figure>
  );
}

function thin(points: readonly Point[]): readonly Point[] {
  const step = Math.ceil(points.length / mostPoints);
  return step <= 1 ? points : points.filter((_, index) => index % step === 0 || index === points.length - 1);
}

/** An equirectangular projection about the middle of the route: true to scale over the length of a workout. */
function groundOf(points: readonly Point[], { width, height }: Size): Ground {
  const [south, north] = bounds(points.map(([latitude]) => latitude));
  const [west, east] = bounds(points.map(([, longitude]) => longitude));
  const narrowing = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const metres = {
    x: Math.max(20, (east - west) * degree * narrowing),
    y: Math.max(20, (north - south) * degree),
  };
  const scale = Math.min((width - 2 * margin) / metres.x, (height - 2 * margin) / metres.y);
  const [left, top] = [(width - metres.x * scale) / 2, (height - metres.y * scale) / 2];
  return {
    scale,
    place: ([latitude, longitude]) => [
      left + (longitude - west) * degree * narrowing * scale,
      top + (north - latitude) * degree * scale,
    ],
  };
}

function bounds(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** A round length that is about a fifth of the picture. */
function barOf(scale: number, width: number): { readonly pixels: number; readonly name: string } {
  const wanted = width / 5 / scale;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const metres = [5, 2, 1].map((step) => step * power).find((length) => length <= wanted) ?? power;
  return { pixels: metres * scale, name: metres >= 1000 ? `${metres / 1000} km` : `${metres} m` };
}
