/** Terra's units as people read them. Null stays unknown. */
type Measured = number | null | undefined;

export const kilometres = (metres: Measured): number | null => (metres == null ? null : metres / 1000);

export const kmPerHour = (metresPerSecond: Measured): number | null =>
  metresPerSecond == null ? null : metresPerSecond * 3.6;
