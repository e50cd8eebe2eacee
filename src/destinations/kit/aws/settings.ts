/** Settings that AWS's services share. */
import { z } from "zod";

export const region = z.string().regex(/^[a-z0-9-]{1,64}$/, "must be a region's name");

export const accessKey = {
  access_key_id: z.string().min(1).max(256).describe("Of credentials with the policy below."),
  secret_access_key: z
    .string()
    .min(1)
    .max(1_024)
    .meta({ secret: true })
    .describe("The secret of that access key."),
} as const;

export interface AwsCredentials {
  readonly access_key_id: string;
  readonly secret_access_key: string;
  readonly session_token?: string | undefined;
}
