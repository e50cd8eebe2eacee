/** Numbers that matter, side by side; those that are not known are left out. */
import { Text } from "@mantine/core";
import classes from "./figures.module.css";

interface Figure {
  readonly name: string;
  readonly value: string | null;
  readonly unit?: string;
}

export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  const known = figures.filter(({ value }) => value !== null);
  if (known.length === 0) return null;
  return (
    <dl className={classes.figures}>
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

/** Null stays unknown: a zero would be a measurement. */
export function rounded(value: number | null | undefined, digits = 0): string | null {
  if (value === null || value === undefined) return null;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
}
