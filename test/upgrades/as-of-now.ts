/**
 * Gives a kept database the times that it would have had if it had been kept a moment ago: otherwise its deliveries would
 * be given up, and its partitions dropped, a few weeks after the release. Times move by the exact distance. Partitions,
 * and the ids by which rows are in them, move by whole weeks, since a partition begins on a Monday. Other ids stay, because
 * secrets are sealed for them, and so do dates of people's data.
 */
import { lowestIdAt } from "../../src/store/identifiers.ts";

const weekMs = 7 * 24 * 3_600_000;

const weekly = "(?:notifications|fetch_tasks|events|deliveries|attempts)_";
/** A row of a partition: its environment, and the id by which it is there. */
const row = new RegExp(
  `^INSERT INTO public\\.${weekly}\\d{8} VALUES \\('[0-9a-f-]{36}', '([0-9a-f-]{36})'`,
  "gm",
);
const id = /\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b/g;
const bounds = new RegExp(`^.* ATTACH PARTITION public\\.${weekly}\\d{8} .*$`, "gm");
const bound = /\b[0-9a-f]{8}-[0-9a-f]{4}-0000-0000-0{12}\b/g;
const name = new RegExp(`\\b(${weekly})(\\d{4})(\\d\\d)(\\d\\d)\\b`, "g");
const time = /'(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?)\+00'/g;

export function asOfNow(sql: string, keptAt: Date, now: Date): string {
  const distance = now.getTime() - keptAt.getTime();
  const weeks = Math.floor(distance / weekMs) * weekMs;
  const inPartitions = new Set([...sql.matchAll(row)].map(([, key]) => key));
  const later = (uuid: string): string => {
    const made = Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
    return lowestIdAt(new Date(made + weeks)).slice(0, 14) + uuid.slice(14);
  };
  return sql
    .split("\n")
    .map((line) => (line.startsWith("INSERT ") ? withTimes(line, distance) : line))
    .join("\n")
    .replaceAll(id, (uuid) => (inPartitions.has(uuid) ? later(uuid) : uuid))
    .replaceAll(bounds, (line) => line.replaceAll(bound, later))
    .replaceAll(name, (_, table: string, ...day: string[]) => {
      const date = Date.parse(day.slice(0, 3).join("-")) + weeks;
      return table + new Date(date).toISOString().slice(0, 10).replaceAll("-", "");
    });
}

const withTimes = (line: string, distance: number): string =>
  line.replaceAll(time, (_, date: string, of: string) => {
    const moved = new Date(Date.parse(`${date}T${of}Z`) + distance).toISOString();
    return `'${moved.replace("T", " ").replace("Z", "+00")}'`;
  });
