import { describe, expect, test } from "vitest";
import { z } from "zod";
import { mask } from "../../security/url-masking.ts";
import { mergeSettings, shownSettings } from "./masking.ts";

const secret = z.string().meta({ secret: true });

describe("settings as they are shown", () => {
  test("secrets are masked at every level", () => {
    const schema = z.strictObject({
      url: z.url(),
      secret: secret.optional(),
      nested: z.object({ password: secret.default("x"), user: z.string() }),
      list: z.array(z.object({ token: secret.nullish() })),
      trimmed: z
        .string()
        .transform((text) => text.trim())
        .meta({ secret: true }),
    });
    const settings = {
      url: "https://a.example/",
      secret: "s1",
      nested: { password: "s2", user: "u" },
      list: [{ token: "s3" }, { token: null }],
      trimmed: "s4",
    };
    expect(shownSettings(schema, settings)).toEqual({
      url: "https://a.example/",
      secret: mask,
      nested: { password: mask, user: "u" },
      list: [{ token: mask }, { token: null }],
      trimmed: mask,
    });
  });

  test("a value is masked if one branch of a union marks it as secret", () => {
    const schema = z.discriminatedUnion("auth", [
      z.object({ auth: z.literal("key"), value: secret }),
      z.object({ auth: z.literal("name"), value: z.string() }),
    ]);
    expect(shownSettings(schema, { auth: "name", value: "x" })).toEqual({ auth: "name", value: mask });
  });

  test("a secret object is masked whole", () => {
    const schema = z.object({ account: z.object({ key: z.string() }).meta({ secret: true }) });
    expect(shownSettings(schema, { account: { key: "k" } })).toEqual({ account: mask });
  });

  test("undeclared values are not shown", () => {
    expect(shownSettings(z.object({ url: z.string() }), { url: "u", secert: "s" })).toEqual({ url: "u" });
  });

  test("a password in an address is masked without a mark in the schema", () => {
    const schema = z.object({ url: z.string() });
    const shown = JSON.stringify(shownSettings(schema, { url: "postgres://me:hunter2@db.example/x" }));
    expect(shown).toContain("db.example");
    expect(shown).not.toContain("hunter2");
  });

  test("an absent secret is not shown as one", () => {
    expect(shownSettings(z.object({ secret: secret.optional() }), {})).toEqual({});
  });
});

describe("a change of stored settings", () => {
  const schema = z.object({
    url: z.string().meta({ secretsInUrl: true }),
    secret: secret.optional(),
    previous_secret: secret.optional(),
  });

  test("null removes a value, the mask keeps it", () => {
    const kept = { url: "a", secret: "s", previous_secret: "p" };
    expect(mergeSettings(schema, kept, { url: "b", secret: mask, previous_secret: null })).toEqual({
      url: "b",
      secret: "s",
    });
    expect(kept).toEqual({ url: "a", secret: "s", previous_secret: "p" });
  });

  test("an address that is sent back as it was shown keeps the stored one", () => {
    const kept = { url: "https://a.example/hook?token=hunter2" };
    const shown = shownSettings(schema, kept) as typeof kept;
    expect(shown.url).not.toContain("hunter2");
    expect(mergeSettings(schema, kept, shown)).toEqual(kept);
    const other = { url: "https://a.example/other?token=x" };
    expect(mergeSettings(schema, kept, other)).toEqual(other);
  });
});
