/** The settings that all SQL servers share. */
import { isIP } from "node:net";
import { z } from "zod";
import { certificates } from "../settings.ts";

export const layouts = ["terra", "typed"] as const;

/** A name or an address, never a path to a socket. */
const host = z
  .string()
  .max(253)
  .regex(/^[^\s/@[\]]+$/, "must be a host name or an IP address");

export const sqlSettings = (port: number, longestDatabase: number) => ({
  host: host.meta({ address: true }).describe("The server's host name or IP address."),
  port: z.int().min(1).max(65_535).default(port).meta({ address: true }).describe("The server's port."),
  database: z.string().min(1).max(longestDatabase).describe("The database, which must be there."),
  username: z.string().min(1).max(128).describe("A user with the grants that the README lists."),
  password: z.string().min(1).max(1_024).meta({ secret: true }).describe("That user's password."),
  ssl: z
    .enum(["verify", "verify-ca", "off"])
    .default("verify")
    .describe(
      "`verify`: TLS, with a certificate for this host from an authority that is trusted. `verify-ca`: TLS, whatever host the certificate names. `off`: no TLS, for a server on your own network.",
    ),
  ca: certificates
    .optional()
    .describe(
      "The authority that signed the server's certificate, in PEM, where it is none of the public ones.",
    ),
  layout: z
    .enum(layouts)
    .default("terra")
    .describe(
      "`terra`: Terra's three tables, with the JSON. `typed`: a table for each data type with a column for each field, and no JSON.",
    ),
});

export const isAddress = (host: string): boolean => isIP(host) !== 0;
