/** A service account's JSON key, as Google hands it out. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { z } from "zod";

export interface ServiceAccount {
  readonly project: string;
  readonly email: string;
  readonly privateKey: KeyObject;
  readonly privateKeyId: string | undefined;
  /** Where access tokens are asked for. */
  readonly tokenUrl: URL;
}

/** A key has more fields (its certificates' addresses, a client id); nobody needs them. */
const keyFile = z.object({
  type: z.literal("service_account"),
  project_id: z.string().min(1),
  client_email: z.email(),
  private_key: z.string().refine(isPrivateKey, "is not an RSA private key in PEM"),
  private_key_id: z.string().optional(),
  token_uri: z.url({ protocol: /^https?$/ }).default("https://oauth2.googleapis.com/token"),
});

/** Says what is wrong with which field and never what it holds. */
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

/** @throws ZodError for what the setting would not have taken */
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

/** Undefined, which no schema here takes, for what is no JSON. */
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
