/** The settings of a FHIR server. */
import { rootCertificates } from "node:tls";
import { z } from "zod";
import { certificates } from "../kit/settings.ts";
import { signingKeyProblem } from "./signing-key.ts";

/** Credentials in a URL would be shown with it, and a query would be lost. */
const isBare = (url: string): boolean => {
  const { username = "", password = "", search = "", hash = "" } = URL.parse(url) ?? {};
  return `${username}${password}${search}${hash}` === "";
};

const address = z
  .url({ protocol: /^https?$/, hostname: /./ })
  .max(2_048)
  .refine(isBare, "must carry neither credentials nor a query")
  .meta({ address: true });

/** What can stand in a header. */
const printable = /^[\x20-\x7e]+$/;

const fields = z.strictObject({
  base_url: address.describe(
    "The server's base, below which `metadata` and `Observation` are: `https://fhir.example/r4`.",
  ),
  authorization: z
    .enum(["none", "basic", "bearer", "smart"])
    .default("none")
    .describe(
      "How requests are authorised: not at all, by name and password, by a token of yours, or by SMART Backend Services.",
    ),
  username: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[^:]+$/, "must not have a colon")
    .optional()
    .describe("With `basic`."),
  password: z.string().min(1).max(1_024).meta({ secret: true }).optional().describe("With `basic`."),
  token: z
    .string()
    .min(1)
    .max(8_192)
    .regex(/^[\x21-\x7e]+$/, "must be without spaces")
    .meta({ secret: true })
    .optional()
    .describe("With `bearer`. Systole cannot renew it."),
  token_url: address
    .optional()
    .describe(
      "With `smart`: where tokens are asked for (`token_endpoint` of `.well-known/smart-configuration`).",
    ),
  client_id: z
    .string()
    .min(1)
    .max(1_024)
    .regex(printable, "must be printable ASCII")
    .optional()
    .describe("With `smart`: the id under which the server knows Systole."),
  private_key: z
    .string()
    .max(16_384)
    .superRefine((pem, context) => {
      const problem = signingKeyProblem(pem);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    })
    .meta({ secret: true })
    .optional()
    .describe(
      "With `smart`: PEM of a P-384 key (signs by ES384) or of an RSA key of at least 2,048 bits (RS384).",
    ),
  key_id: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .describe("With `smart`: the `kid` of the key in the key set that the server has of you."),
  scope: z
    .string()
    .min(1)
    .max(2_048)
    .regex(printable, "must be printable ASCII")
    .default("system/Patient.cruds system/Device.cruds system/Observation.cruds")
    .describe(
      "With `smart`: the scopes asked for. A server of SMART 1 wants `system/Patient.read` and so on.",
    ),
  transaction_entries: z
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .describe(
      "The most entries of a transaction. A record is never split, so one with more entries has its own.",
    ),
  ca: certificates.optional().describe("PEM of an authority that is trusted besides the public ones."),
});
type Fields = z.output<typeof fields>;
type Optional = "username" | "password" | "token" | "token_url" | "client_id" | "private_key" | "key_id";

const needed: Readonly<Record<Fields["authorization"], readonly Optional[]>> = {
  none: [],
  basic: ["username", "password"],
  bearer: ["token"],
  smart: ["token_url", "client_id", "private_key", "key_id"],
};

/** A secret that is not used would be kept for nothing, and its owner would believe that it is used. */
export const fhirSettings = fields.superRefine((given, context) => {
  const wanted = needed[given.authorization];
  for (const setting of Object.values(needed).flat()) {
    const isThere = given[setting] !== undefined;
    if (isThere === wanted.includes(setting)) continue;
    const message = `${isThere ? "has no use" : "is needed"} with \`authorization: ${given.authorization}\``;
    context.addIssue({ code: "custom", path: [setting], message });
  }
});
export type FhirSettings = z.output<typeof fhirSettings>;

/** `rejectUnauthorized` is set explicitly, so that no environment variable can turn it off. */
export const tlsOptions = ({ ca }: Pick<FhirSettings, "ca">) => ({
  rejectUnauthorized: true,
  ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
});
