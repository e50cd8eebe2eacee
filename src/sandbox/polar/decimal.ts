// The runtime has JSON.rawJSON; TypeScript's libraries do not yet.
const { rawJSON } = JSON as unknown as { rawJSON(text: string): number };

/** A number that JSON.stringify spells with its decimal point: Polar writes `9465.0`, not `9465`. */
export function decimal(value: number, digits = 4): number {
  const rounded = Number(value.toFixed(digits));
  const text = String(rounded);
  return Number.isInteger(rounded) ? rawJSON(`${text}.0`) : rawJSON(text);
}
