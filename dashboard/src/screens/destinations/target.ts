/** The settings that tell destinations of a kind apart, in the order of how much they tell. */
const telling = [
  "url",
  "base_url",
  "queue_url",
  "bucket",
  "topic",
  "host",
  "container",
  "project_id",
  "brokers",
  "database",
];

interface Named {
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Names a destination in a few words: its address without what is the same for all. */
export function targetOf({ kind, settings }: Named): string {
  const parts = telling.map((name) => settings[name]).filter((value) => typeof value === "string");
  const [first = kind, second] = parts as string[];
  // The values of a query are masked: it tells nothing.
  const address = first.replace(/^https?:\/\//, "").replace(/\?.*$/, "");
  return second === undefined || settings.url !== undefined ? address : `${address} · ${second}`;
}
