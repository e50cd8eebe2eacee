/** The settings of a Supabase destination. */
import { rootCertificates } from "node:tls";
import { z } from "zod";
import { certificates } from "../kit/settings.ts";

const key = z
  .string()
  .min(1)
  .max(8_192)
  .regex(/^[\x21-\x7e]+$/, "must be without spaces");

/** Credentials in the URL would be shown with it, and a query would be lost. */
const isBare = (url: string): boolean => {
  const { username = "", password = "", search = "", hash = "" } = URL.parse(url) ?? {};
  return `${username}${password}${search}${hash}` === "";
};

/** A name or an address, never a path to a socket. */
const namesHost = (url: string): boolean => /^[^\s/@%]+$/.test(URL.parse(url)?.hostname ?? "");

export const supabaseSettings = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, hostname: /./ })
    .max(2_048)
    .refine(isBare, "must carry neither credentials nor a query")
    .meta({ address: true })
    .describe("The project's URL: `https://<project>.supabase.co`, or your own server's."),
  service_role_key: key
    .meta({ secret: true })
    .describe(
      "The project's secret key (`sb_secret_…`) or its `service_role` key. With `role_token` the publishable key or the `anon` key is enough.",
    ),
  role_token: key
    .meta({ secret: true })
    .optional()
    .describe("A token (JWT) of a role of your own that may do no more than README.md lists."),
  bucket: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, "must be letters, digits, dots, dashes and underscores")
    .default("terra-payloads")
    .describe("The bucket for payloads. It is made, private, when it is missing."),
  database_url: z
    .url({ protocol: /^postgres(ql)?$/, hostname: /./ })
    .max(2_048)
    .refine(namesHost, "must name a host")
    .meta({ secret: true })
    .optional()
    .describe(
      "Supabase's connection string (`postgresql://…`). With it Systole makes tables and functions that are missing; without it you run `setup.sql` once. TLS is verified unless it says `sslmode=disable`.",
    ),
  ca: certificates
    .optional()
    .describe(
      "PEM of an authority that is trusted besides the public ones: Supabase's own for `database_url`, or your server's.",
    ),
});
export type SupabaseSettings = z.output<typeof supabaseSettings>;

/** `rejectUnauthorized` is set explicitly, so that no environment variable can turn it off. */
export function tlsOptions({ ca }: SupabaseSettings) {
  return { rejectUnauthorized: true, ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }) };
}
