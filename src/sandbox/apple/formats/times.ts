/** Instants as exporters write them. */
import { MINUTE, offsetAt } from "../generate/local-time.ts";

const wall = (ms: number, offset: number): string => new Date(ms + offset * MINUTE).toISOString();

function written(offset: number, colon: string): string {
  const pad = (value: number): string => String(value).padStart(2, "0");
  const minutes = Math.abs(offset);
  return `${offset < 0 ? "-" : "+"}${pad(Math.floor(minutes / 60))}${colon}${pad(minutes % 60)}`;
}

/** "+02:00" */
export const offsetText = (zone: string, ms: number): string => written(offsetAt(zone, ms), ":");

/** "2026-01-10 09:00:00 +0200": on the person's own clock. */
export const spacedTime = (zone: string, ms: number): string => spacedAt(offsetAt(zone, ms), ms);

/** The same with an offset that is given. */
export const spacedAt = (offset: number, ms: number): string =>
  `${wall(ms, offset).slice(0, 19).replace("T", " ")} ${written(offset, "")}`;

/** "2026-01-10T09:00:00+02:00" */
export const localTime = (zone: string, ms: number): string =>
  `${wall(ms, offsetAt(zone, ms)).slice(0, 19)}${offsetText(zone, ms)}`;

/** "2026-01-10T07:00:00Z" */
export const utcTime = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
