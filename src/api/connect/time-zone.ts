/** The names of time zones, as people write them. */

/** Returns the IANA name; null when there is no such zone. A city is enough: `new york`. */
export function readZone(text: string): string | null {
  const wanted = text.trim().replaceAll(/\s+/g, "_");
  const isCity = (name: string): boolean => name.toLowerCase().endsWith(`/${wanted.toLowerCase()}`);
  return known(wanted) ?? Intl.supportedValuesOf("timeZone").find(isCity) ?? null;
}

/** The name as it is written; a browser may know a newer one than this server. */
function known(name: string): string | null {
  // An offset is no zone: it does not know when the clocks change.
  if (!/^[A-Za-z]/.test(name)) return null;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return null;
  }
}
