import { describe, expect, it } from "vitest";
import { settings as mysql } from "../../mysql/settings.ts";
import { settings as postgres } from "../../postgres/settings.ts";

const least = { host: "db.example", database: "d", username: "u", password: "p" };

describe.each([
  ["postgres", postgres, 5_432],
  ["mysql", mysql, 3_306],
] as const)("settings of %s", (_, settings, port) => {
  it("verify certificates and have Terra's tables by default", () => {
    expect(settings.parse(least)).toEqual({ ...least, port, ssl: "verify", layout: "terra" });
  });

  it.each([
    { host: "/var/run/postgresql" },
    { host: "a b" },
    { host: "user@db.example" },
    { host: "[::1]" },
    { port: 0 },
    { password: "" },
    { ssl: "require" },
    { ca: "/etc/ssl/ca.pem" },
    { layout: "json" },
    { unknown: true },
  ])("refuse %j", (wrong) => {
    expect(settings.safeParse({ ...least, ...wrong }).success).toBe(false);
  });
});

describe("a schema of PostgreSQL", () => {
  it.each(["terra", "Überwachung", "a_b-1$"])("may be %j", (schema) => {
    expect(postgres.safeParse({ ...least, schema }).success).toBe(true);
  });

  it.each(['a"b', "a b", "1a", "a;b", "", "a\0"])("may not be %j", (schema) => {
    expect(postgres.safeParse({ ...least, schema }).success).toBe(false);
  });
});

describe("an IP address", () => {
  it("is in no name of a certificate, so that MySQL's driver cannot compare it", () => {
    for (const host of ["192.0.2.1", "2001:db8::1"]) {
      expect(mysql.safeParse({ ...least, host }).success).toBe(false);
      expect(mysql.safeParse({ ...least, host, ssl: "verify-ca" }).success).toBe(true);
      expect(postgres.safeParse({ ...least, host }).success).toBe(true);
    }
  });
});
