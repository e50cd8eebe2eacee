/** A service account's JSON key, as Google issues it. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { z } from "zod";

export interface ServiceAccount {
  readonly project: string;
  readonly email: string;
  readonly privateKey: KeyObject;
  readonly privateKeyId: string | undefined;
  /** The address at which access tokens are asked for. */
  readonly tokenUrl: URL;
}

/** A key has more fields (its certificates' addresses, a client id), which are not needed. */
const keyFile = z.object({
  type: z.literal("service_account"),
  project_id: z.string().min(1),
  client_email: z.email(),
  private_key: z.string().refine(isPrivateKey, "is not an RSA private key in PEM"),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https?$/ }).default("https://oauth2.googleapis.com/token"),
});

/** Messages name the field and the problem, never the value. */
export const serviceAccountSetting = z
  .string()
  .max(16_384)
  .superRefine((text, context) => {
    const read = keyFile.safeParse(parseJson(text));
    for (const { path, message } of read.error?.issues ?? []) {
      const field = path.length === 0 ? "" : `${path.join(".")}: `;
      context.addIssue({ code: "custom", message: `${field}${message}` });
    }
  });

/** @throws ZodError for a text that the setting does not accept */
export function readServiceAccount(text: string): ServiceAccount {
  const key = keyFile.parse(parseJson(text));
  return {
    project: key.project_id,
    email: key.client_email,
    privateKey: createPrivateKey(key.private_key),
    privateKeyId: key.private_key_id,
    tokenUrl: new URL(key.token_uri),
  };
}

/** Returns undefined, which no schema here accepts, for a text that is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPrivateKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
