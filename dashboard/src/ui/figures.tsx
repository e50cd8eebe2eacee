/** Numbers that matter, side by side; those that are not known are left out. */
import { Text } from "@mantine/core";
import type { CSSProperties } from "react";
import classes from "./figures.module.css";

export interface Figure {
  readonly name: string;
  readonly value: string | null;
  readonly unit?: string;
}

export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  const known = figures.filter(({ value }) => value !== null);
  if (known.length === 0) return null;
  return (
    <dl className={classes.figures} style={columnsOf(known.length)}>
      {known.map(({ name, value, unit }) => (
        <div key={name} className={classes.figure}>
          <dt>{name}</dt>
          <dd>
            {value}
            {unit !== undefined && (
              <Text span size="sm" c="dimmed" ml={4}>
                {unit}
              </Text>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** At most so many beside each other, on a phone, on a small and on a wide screen. */
const most = { phone: 2, small: 4, wide: 6 } as const;

/** Spreads figures over as few rows as there are, each as full as the others. */
const columnsOf = (count: number): CSSProperties =>
  Object.fromEntries(
    Object.entries(most).map(([width, limit]) => [`--${width}`, Math.ceil(count / Math.ceil(count / limit))]),
  ) as CSSProperties;

/** Null stays unknown: a zero would be a measurement. */
export function rounded(value: number | null | undefined, digits = 0): string | null {
  if (value === null || value === undefined) return null;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
