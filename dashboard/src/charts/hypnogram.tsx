/** A night's stages as steps over the record's own time. */
import { Group, Text } from "@mantine/core";
import { useRef } from "react";
import { duration } from "../ui/amounts.ts";
import classes from "./hypnogram.module.css";
import { useWidth } from "./use-width.ts";
import { clock } from "./wall-clock.ts";

export interface Stage {
  readonly from: number;
  readonly to: number;
  readonly level: number;
}

/** Terra's levels, from awake down to deep. Those that are missing are not drawn. */
const rows = [
  { levels: [1, 3], name: "Awake", key: "awake" },
  { levels: [6], name: "REM", key: "rem" },
  { levels: [4, 2], name: "Light", key: "light" },
  { levels: [5], name: "Deep", key: "deep" },
] as const;

const rowHeight = 30;
const left = 46;
const right = 18;
const foot = 22;

const rowOf = (level: number): number =>
  rows.findIndex(({ levels }) => (levels as readonly number[]).includes(level));

interface HypnogramProps {
  readonly stages: readonly Stage[];
  readonly span: readonly [number, number];
}

export function Hypnogram({ stages, span }: HypnogramProps) {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const x = (at: number): number => left + ((at - span[0]) / (span[1] - span[0])) * (width - left - right);
  const drawn = stages.filter(({ level }) => rowOf(level) >= 0);
  return (
    <figure style={{ margin: 0 }}>
      <figcaption>
        <Legend stages={drawn} />
      </figcaption>
      <div ref={frame}>
        <svg width={width} height={rows.length * rowHeight + foot} role="img" aria-label={summaryOf(drawn)}>
          {rows.map(({ name, key }, index) => (
            <g key={key}>
              <line
                x1={left}
                x2={width - right}
                y1={(index + 1) * rowHeight - 2}
                y2={(index + 1) * rowHeight - 2}
                className={classes.grid}
              />
              <text x={left - 8} y={index * rowHeight + 19} textAnchor="end" className={classes.label}>
                {name}
              </text>
            </g>
          ))}
          {hoursIn(span, width - left - right).map((at) => (
            <text
              key={at}
              x={x(at)}
              y={rows.length * rowHeight + 14}
              textAnchor="middle"
              className={classes.label}
            >
              {clock(at)}
            </text>
          ))}
          {drawn.map(({ from, to, level }) => (
            <rect
              key={from}
              x={x(from)}
              width={Math.max(1, x(to) - x(from))}
              y={rowOf(level) * rowHeight + 5}
              height={rowHeight - 9}
              rx={2}
              className={classes.stage}
              data-stage={rows[rowOf(level)]?.key}
            >
              <title>{`${rows[rowOf(level)]?.name}, ${clock(from)} to ${clock(to)}`}</title>
            </rect>
          ))}
        </svg>
      </div>
    </figure>
  );
}

const secondsIn = (stages: readonly Stage[], row: number): number =>
  stages.reduce((sum, { from, to, level }) => (rowOf(level) === row ? sum + to - from : sum), 0);

function summaryOf(stages: readonly Stage[]): string {
  const parts = rows.map(({ name }, index) => `${name.toLowerCase()} ${duration(secondsIn(stages, index))}`);
  return `Sleep stages: ${parts.join(", ")}`;
}

function Legend({ stages }: { readonly stages: readonly Stage[] }) {
  return (
    <Group gap="lg" mb="xs">
      {rows.map(({ name, key }, index) => (
        <Group key={key} gap={6}>
          <span className={classes.swatch} data-stage={key} aria-hidden />
          <Text size="sm">{name}</Text>
          <Text size="sm" c="dimmed" className="tabular">
            {duration(secondsIn(stages, index))}
          </Text>
        </Group>
      ))}
    </Group>
  );
}

/** The least room that the label of an hour needs. */
const labelWidth = 52;

/** The hours that are labelled: each, or every second, third, sixth, as there is room. */
function hoursIn([from, to]: readonly [number, number], room: number): number[] {
  const fitting = Math.max(1, room / labelWidth);
  const hours = (to - from) / 3_600;
  const step = ([1, 2, 3, 6].find((every) => hours / every <= fitting) ?? 12) * 3_600;
  const first = Math.ceil(from / step) * step;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, index) => first + index * step,
  );
}
