/** The settings of a webhook. */
import { z } from "zod";
import { rotatingSecret } from "../rotation.ts";
import { signingKeyBytes } from "./signing.ts";
import { staticHeaders } from "./static-headers.ts";
import { tlsProblems, tlsSettings } from "./tls.ts";

/** Credentials in a URL would be shown wherever the URL is shown. */
const hasCredentials = (url: string): boolean => {
  const parsed = URL.parse(url);
  return parsed !== null && `${parsed.username}${parsed.password}` !== "";
};

export const webhookSettings = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, hostname: /./ })
      .max(2_048)
      .refine((url) => !hasCredentials(url), "must not carry credentials")
      .meta({ address: true, secretsInUrl: true })
      .describe("Where events are sent, by POST. Redirects are not followed."),
    ...rotatingSecret,
    gzip: z
      .boolean()
      .optional()
      .describe("Compresses bodies (Content-Encoding: gzip). Signatures are of the body before that."),
    headers: staticHeaders
      .meta({ secret: true })
      .optional()
      .describe("Headers added to every request, an Authorization for example. Never shown again."),
    ...tlsSettings,
  })
  .superRefine((settings, context) => {
    for (const setting of ["secret", "previous_secret"] as const) {
      const secret = settings[setting];
      if (secret === undefined || signingKeyBytes(secret) > 0) continue;
      context.addIssue({ code: "custom", path: [setting], message: "must be base64 after whsec_" });
    }
    for (const [setting, message] of tlsProblems(settings.url, settings)) {
      context.addIssue({ code: "custom", path: [setting], message });
    }
  });

export type WebhookSettings = z.output<typeof webhookSettings>;
