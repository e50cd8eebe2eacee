/** The time that the heart was in each zone. */
import { Group, Text } from "@mantine/core";
import type { components } from "../../api/schema.gen.ts";
import type { Band } from "../../charts/time-chart-options.ts";
import { duration, percent } from "../../ui/amounts.ts";
import { Panel } from "../../ui/page.tsx";
import { Scrolled } from "../../ui/scrolled.tsx";
import { zoneColors } from "./colors.ts";
import classes from "./zones.module.css";

type Zones = NonNullable<
  NonNullable<NonNullable<components["schemas"]["Activity"]["heart_rate_data"]>["summary"]>["hr_zone_data"]
>;

const colorOf = (index: number): string => zoneColors[Math.min(index, zoneColors.length - 1)] ?? "#8883";

/** Bounds are shares of the person's maximum; without that they cannot be drawn in beats. */
export function bandsOf(zones: Zones | null | undefined, maximum: number | null | undefined): Band[] {
  if (!zones || maximum == null) return [];
  return zones.flatMap(({ start_percentage: from, end_percentage: to }, index) =>
    from == null || to == null
      ? []
      : [{ from: (from / 100) * maximum, to: (to / 100) * maximum, color: colorOf(index) }],
  );
}

export function ZoneTimes({
  zones,
  maximum,
}: {
  readonly zones: Zones | null | undefined;
  readonly maximum: number | null | undefined;
}) {
  const known = (zones ?? []).flatMap(({ duration_seconds: seconds, ...zone }) =>
    seconds == null ? [] : [{ ...zone, seconds }],
  );
  const all = known.reduce((sum, { seconds }) => sum + seconds, 0);
  if (all === 0) return null;
  return (
    <Panel title="Time in heart-rate zones">
      <div className={classes.bar} role="img" aria-label="Share of each zone">
        {known.map(({ zone, seconds }, index) => (
          <span
            key={zone}
            style={{ width: `${(seconds / all) * 100}%`, background: colorOf(index).slice(0, 7) }}
          />
        ))}
      </div>
      <Scrolled label="Heart-rate zones">
        <table className="data-table" aria-label="Heart-rate zones">
          <tbody>
            {known.map(({ zone, name, start_percentage: from, end_percentage: to, seconds }, index) => (
              <tr key={zone}>
                <td>
                  <Group gap="xs">
                    <span
                      className={classes.swatch}
                      style={{ background: colorOf(index).slice(0, 7) }}
                      aria-hidden
                    />
                    {name ?? `Zone ${(zone ?? index) + 1}`}
                  </Group>
                </td>
                <td>{boundsOf(from, to, maximum)}</td>
                <td className="number">{duration(seconds)}</td>
                <td className="number">
                  <Text span size="sm" c="dimmed">
                    {percent(seconds / all, 0)}
                  </Text>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrolled>
    </Panel>
  );
}

function boundsOf(
  from: number | null | undefined,
  to: number | null | undefined,
  maximum: number | null | undefined,
): string {
  if (from == null || to == null) return "";
  if (maximum == null) return `${Math.round(from)} – ${Math.round(to)} % of maximum`;
  return `${Math.round((from / 100) * maximum)} – ${Math.round((to / 100) * maximum)} bpm`;
}
