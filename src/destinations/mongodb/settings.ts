/** The settings of a MongoDB destination. */
import { z } from "zod";
import { certificates } from "../kit/settings.ts";

/** A name or an address, never a path to a socket: `db.example.com`, `10.0.0.1:27018`, `[::1]:27017`. */
const oneHost = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

const hosts = z
  .string()
  .max(4_096)
  .refine((text) => splitHosts(text).every((host) => oneHost.test(host) && !host.endsWith(".sock")), {
    message: "must be a host name or address, with a port if need be, or several with commas between",
  });

export const splitHosts = (text: string): string[] => text.split(",").map((host) => host.trim());

const databaseName = /^[^/\\. "$*<>:|?\0]+$/;

export const settings = z
  .strictObject({
    scheme: z
      .enum(["mongodb", "mongodb+srv"])
      .default("mongodb")
      .describe("`mongodb+srv` for a name that DNS knows the servers of, as Atlas gives it."),
    host: hosts
      .meta({ address: true })
      .describe(
        "`host` or `host:port`; for a replica set its members, with commas between. With `mongodb+srv` one name.",
      ),
    database: z
      .string()
      .min(1)
      .max(63)
      .regex(databaseName, "is not the name of a database")
      .describe("The database. Its collections and indexes are made when they are missing."),
    username: z.string().min(1).max(256).describe("A user with the role that the README lists."),
    password: z.string().min(1).max(1_024).meta({ secret: true }).describe("That user's password."),
    auth_source: z.string().min(1).max(63).default("admin").describe("The database the user was created in."),
    replica_set: z.string().min(1).max(256).optional().describe("The replica set's name, where it has one."),
    tls: z
      .boolean()
      .default(true)
      .describe(
        "Encrypts the connection and verifies the server's certificate. Off only in your own network.",
      ),
    ca: certificates
      .optional()
      .describe("The authority that signed the server's certificate, as PEM. The public ones are known."),
  })
  .superRefine(({ scheme, host, tls }, context) => {
    if (scheme !== "mongodb+srv") return;
    if (/[,:[]/.test(host)) context.addIssue({ code: "custom", path: ["host"], message: "must be one name" });
    if (!tls) context.addIssue({ code: "custom", path: ["tls"], message: "is always on with mongodb+srv" });
  });

export type Settings = z.output<typeof settings>;
