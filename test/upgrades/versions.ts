/** Compares two versions, `1.2.3`. */
export function inOrderOf(one: string, other: string): number {
  const [first, second] = [one, other].map((version) => version.split(".").map(Number));
  for (let part = 0; part < 3; part++) {
    const difference = (first?.[part] ?? 0) - (second?.[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
