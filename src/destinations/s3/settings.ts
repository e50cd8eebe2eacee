/** The settings of an S3 destination. */
import { z } from "zod";
import { accessKey, region } from "../kit/aws/settings.ts";
import { compressionSetting, prefixSetting } from "../kit/objects/settings.ts";

const hasCredentials = ({ username, password }: URL): boolean => `${username}${password}` !== "";
/** The client would drop a query or a fragment. */
const isPlain = (url: string): boolean => {
  const parsed = URL.parse(url);
  return parsed !== null && !hasCredentials(parsed) && `${parsed.search}${parsed.hash}` === "";
};

export const settings = z.strictObject({
  bucket: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9]$/, "must be a bucket's name")
    .describe("The bucket's name. It must exist; Systole makes none."),
  region: region.describe(
    "The bucket's region, for example `eu-central-1`; `auto` for R2, `us-east-1` for most others.",
  ),
  ...accessKey,
  session_token: z
    .string()
    .min(1)
    .max(16_384)
    .meta({ secret: true })
    .optional()
    .describe("Of temporary credentials. They expire: prefer a user of its own."),
  endpoint: z
    .url({ protocol: /^https?$/, hostname: /./ })
    .max(2_048)
    .refine(isPlain, "must not carry credentials, a query or a fragment")
    .optional()
    .meta({ address: true })
    .describe("The server, where it is not AWS: MinIO, R2, Ceph and others. AWS by default."),
  path_style: z
    .boolean()
    .optional()
    .describe(
      "Whether the bucket stands in the path and not in the host name. By default with an `endpoint`.",
    ),
  ca: z
    .string()
    .max(65_536)
    .optional()
    .describe(
      "Certificates (PEM) of the authority that the server's certificate is from, if it is your own.",
    ),
  prefix: prefixSetting,
  compression: compressionSetting,
});

export type Settings = z.output<typeof settings>;
