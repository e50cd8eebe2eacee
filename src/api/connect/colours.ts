/**
 * The developer's colour, made legible: whatever it is, text on it and text in it keep WCAG's contrasts on the page's
 * light and dark surfaces.
 */

/** Red, green and blue from 0 to 255. */
type Rgb = readonly [number, number, number];

/** The brand's colour, adapted to one surface. */
export interface Accent {
  /** A button's background; its contrast to the surface is 3:1 at least (WCAG 1.4.11). */
  readonly fill: string;
  /** The text on a button; its contrast is 4.5:1 at least (WCAG 1.4.3). */
  readonly onFill: string;
  /** Links and marks on the surface; their contrast is 4.5:1 at least. */
  readonly text: string;
}

/** A colour that was never chosen is a calm blue. */
export const usualColor = "#1f5fbf";

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];
const steps = 50;

export function accentOn(surface: string, color: string): Accent {
  const ground = rgbOf(surface);
  const fill = legible(rgbOf(color), ground, 3);
  const onFill = contrast(white, fill) >= 4.5 ? white : black;
  return { fill: hexOf(fill), onFill: hexOf(onFill), text: hexOf(legible(rgbOf(color), ground, 4.5)) };
}

/** WCAG's contrast ratio of two colours, from 1 to 21. */
export const contrastOf = (one: string, other: string): number => contrast(rgbOf(one), rgbOf(other));

/** The colour itself, or the nearest mixture with black or white that has the contrast. */
function legible(color: Rgb, ground: Rgb, ratio: number): Rgb {
  const target = contrast(black, ground) > contrast(white, ground) ? black : white;
  for (let step = 0; step < steps; step++) {
    const mixed = mix(color, target, step / steps);
    if (contrast(mixed, ground) >= ratio) return mixed;
  }
  return target;
}

function mix(color: Rgb, target: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(color[index] + (target[index] - color[index]) * share);
  return [channel(0), channel(1), channel(2)];
}

function contrast(one: Rgb, other: Rgb): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Relative luminance as WCAG 2 defines it. */
function luminance([red, green, blue]: Rgb): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function rgbOf(hex: string): Rgb {
  const number = Number.parseInt(hex.slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}

const hexOf = (rgb: Rgb): string =>
  `#${rgb.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
