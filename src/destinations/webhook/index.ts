/** Webhook: each event is a signed POST to the developer's own URL. See README.md. */
import { defineDestination } from "../destination.ts";
import { connectWebhook, webhookTime } from "./sender.ts";
import { webhookSettings } from "./settings.ts";
import { newWebhookSecret } from "./signing.ts";

export default defineDestination({
  kind: "webhook",
  displayName: "Webhook",
  formats: ["fhir", "fit"],
  settings: webhookSettings,
  time: webhookTime,
  takesLinks: true,
  issueSecrets(given) {
    const issued = given.secret || newWebhookSecret();
    return { settings: { ...given, secret: issued }, secret: issued };
  },
  connect: (settings, context) => connectWebhook(settings, context),
});
