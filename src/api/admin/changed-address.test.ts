import { describe, expect, test } from "vitest";
import { z } from "zod";
import { destinationKinds, loadDestination } from "../../destinations/registry.ts";
import { providers } from "../../providers/registry.ts";
import { assertSecretsGiven } from "./changed-address.ts";
import { mergeSettings } from "./masking.ts";
import { settingSchema } from "./setting-schema.ts";

const schema = z.strictObject({
  url: z.url().default("https://usual.example/a").meta({ address: true }),
  port: z.int().optional().meta({ address: true }),
  user: z.string().optional(),
  password: z.string().optional().meta({ secret: true }),
  token: z.string().optional().meta({ secret: true }),
  signing: z.string().optional().meta({ secret: true, sent: false }),
});
const kept = { password: "p", signing: "s", user: "u" };

function wanted(change: Record<string, unknown>, before: Record<string, unknown> = kept): unknown {
  try {
    assertSecretsGiven(schema, { kept: before, change, merged: mergeSettings(schema, before, change) });
    return [];
  } catch (error) {
    return (error as { details: { settings: unknown } }).details.settings;
  }
}

describe("stored secrets", () => {
  test("must be given again with another host, port or scheme", () => {
    expect(wanted({ url: "https://other.example/a" })).toEqual(["password"]);
    expect(wanted({ url: "http://usual.example/a" })).toEqual(["password"]);
    expect(wanted({ port: 5433 })).toEqual(["password"]);
    expect(wanted({ url: "https://other.example/a", password: "********" })).toEqual(["password"]);
  });

  test("are kept when the server stays the same", () => {
    expect(wanted({ url: "https://usual.example/b" })).toEqual([]);
    expect(wanted({ user: "v" })).toEqual([]);
    expect(wanted({ token: "t" })).toEqual([]);
    expect(wanted({ url: null }, { ...kept, url: "https://usual.example/z" })).toEqual([]);
  });

  test("may be given or removed by the change", () => {
    expect(wanted({ url: "https://other.example/", password: "p" })).toEqual([]);
    expect(wanted({ url: "https://other.example/", password: null })).toEqual([]);
  });

  test("leaving the default changes the address", () => {
    expect(wanted({ url: null }, { ...kept, url: "https://mine.example/" })).toEqual(["password"]);
  });
});

interface Marked {
  readonly format?: string;
  readonly secret?: boolean;
  readonly address?: boolean;
}

test("every kind and every provider that is asked marks its addresses, or has its address in a secret setting", async () => {
  // A provider whose data is only uploaded is never asked.
  const asked = providers.filter(({ connecting }) => connecting.kind !== "upload");
  const kinds = await Promise.all(destinationKinds.map(loadDestination));
  for (const [name, settings] of [
    ...kinds.map(({ kind, settings }) => [kind, settings] as const),
    ...asked.map(({ slug, settings }) => [slug, settings] as const),
  ]) {
    const properties = Object.entries(settingSchema(settings).properties ?? {}) as [string, Marked][];
    const marked = properties.filter(([, { address }]) => address === true);
    const secretUrl = properties.some(([, { format, secret }]) => format === "uri" && secret === true);
    expect(marked.length > 0 || secretUrl, name).toBe(true);
    for (const [setting, { format, secret, address }] of properties) {
      if (format === "uri") expect(secret === true || address === true, `${name}.${setting}`).toBe(true);
    }
  }
});
