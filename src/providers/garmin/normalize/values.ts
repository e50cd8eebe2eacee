/** Numbers of Garmin's as Terra holds them. */

type Maybe = number | null | undefined;

/** Returns the whole number next to a count that Garmin gives with a fraction; null for a negative one. */
export const whole = (value: Maybe): number | null => (value == null || value < 0 ? null : Math.round(value));

/** Returns minutes as seconds; null for a negative number. */
export const secondsOf = (minutes: Maybe): number | null =>
  minutes == null || minutes < 0 ? null : minutes * 60;
