/** Amounts with their units. */
const sizes = ["B", "kB", "MB", "GB", "TB"];

export function bytes(count: number): string {
  const step = count < 1 ? 0 : Math.min(sizes.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** step;
  return `${value.toLocaleString("en", { maximumFractionDigits: step === 0 || value >= 100 ? 0 : 1 })} ${sizes[step]}`;
}

export const count = (value: number): string => value.toLocaleString("en");

/** `1 person`, `2 people` */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${count(value)} ${value === 1 ? one : many}`;

/** Milliseconds, in what is read best. */
export function milliseconds(value: number): string {
  if (value < 1_000) return `${Math.round(value)} ms`;
  if (value < 60_000) return `${(value / 1_000).toFixed(1)} s`;
  return duration(Math.round(value / 1_000));
}

/** `1 h 02 min`, `12 min 30 s` */
export function duration(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3_600),
    Math.floor((seconds % 3_600) / 60),
    Math.round(seconds % 60),
  ];
  if (hours >= 48) return `${Math.round(hours / 24)} days`;
  if (hours > 0) return `${hours} h ${String(minutes).padStart(2, "0")} min`;
  if (minutes > 0) return rest === 0 ? `${minutes} min` : `${minutes} min ${String(rest).padStart(2, "0")} s`;
  return `${rest} s`;
}

export const percent = (part: number, digits = 1): string =>
  `${(part * 100).toLocaleString("en", { maximumFractionDigits: digits })} %`;
