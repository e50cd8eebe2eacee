/** Numbers of Garmin's as Terra holds them. */

type Maybe = number | null | undefined;

/** Returns the whole number next to a count that Garmin gives with a fraction; null for what counts nothing. */
export const whole = (value: Maybe): number | null =>
  value == null || value < 0 || value > Number.MAX_SAFE_INTEGER ? null : Math.round(value);

/** Returns minutes as seconds; null for a negative number. */
export const secondsOf = (minutes: Maybe): number | null =>
  minutes == null || minutes < 0 ? null : minutes * 60;
