/**
 * AccessLink v3's OAuth 2 (POLAR-API §1). Polar has no refresh token, no PKCE and no discovery, and its Basic header is not
 * form-encoded as RFC 6749 demands, so the exchange is one plain request.
 */
import { z } from "zod";
import { SystoleError } from "../../errors.ts";
import { basic, jsonOf } from "../kit/call.ts";
import { authorizationUrl } from "../kit/oauth.ts";
import { grantedScopes } from "../kit/scopes.ts";
import { type AuthorizationCode, type Grant, type OAuthConsent, ProviderError } from "../provider.ts";
import { addedByAccesslink } from "./adds.ts";
import { callPolar, type Polar } from "./http.ts";
import { accesslink } from "./names.ts";
import { register, revoke } from "./registration.ts";
import type { PolarSettings } from "./settings.ts";

export const consent: OAuthConsent<PolarSettings> = {
  name: accesslink,
  apis: [accesslink],
  scopes: [
    {
      name: "accesslink.read_all",
      label: {
        en: "Training, activity, sleep, heart rate and body data",
        de: "Daten zu Training, Aktivität, Schlaf, Herzfrequenz und Körper",
        fr: "Données d’entraînement, d’activité, de sommeil, de fréquence cardiaque et corporelles",
        es: "Datos de entrenamiento, actividad, sueño, frecuencia cardíaca y cuerpo",
        it: "Dati su allenamento, attività, sonno, frequenza cardiaca e corpo",
        pt: "Dados de treino, atividade, sono, frequência cardíaca e corpo",
        nl: "Gegevens over training, activiteit, slaap, hartslag en lichaam",
        fi: "Harjoitus-, aktiivisuus-, uni-, syke- ja kehotiedot",
        sv: "Uppgifter om träning, aktivitet, sömn, puls och kropp",
        ja: "トレーニング、アクティビティ、睡眠、心拍数、身体のデータ",
      },
      isRequired: true,
    },
  ],
  adds: addedByAccesslink,
  begin: ({ settings: { authorize_url, client_id } }, request) => ({
    url: authorizationUrl(authorize_url, client_id, request).href,
    codeVerifier: null,
  }),
  exchange: exchangeCode,
  async register(access, grant, { memberId, signal }) {
    await register({ ...access, grant, signal }, memberId);
    return grant;
  },
  revoke: (access, grant, signal) => revoke({ ...access, grant, signal }),
};

/** The token reply. `x_user_id` is a number. */
const tokenReply = z.object({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().nullish(),
  scope: z.string().nullish(),
  x_user_id: z.union([z.int(), z.string().regex(/^\d+$/)]).transform(String),
});

function grantOf(reply: z.output<typeof tokenReply>, asked: readonly string[], requestedAtMs: number): Grant {
  return {
    consent: accesslink,
    accessToken: reply.access_token,
    renewal: null,
    expiresAt: reply.expires_in ? new Date(requestedAtMs + reply.expires_in * 1000) : null,
    providerUserId: reply.x_user_id,
    scopes: grantedScopes(reply.scope, asked),
  };
}

/**
 * Exchanges a code for a grant. A code works once and lives 10 minutes. After any failure the person starts again, so
 * nothing is retried.
 */
async function exchangeCode(
  { settings, http }: Polar,
  { code, redirectUri, scopes, signal }: AuthorizationCode,
): Promise<Grant> {
  const requestedAtMs = Date.now();
  try {
    const answer = await callPolar(http, {
      method: "POST",
      url: settings.token_url,
      authorization: basic(settings.client_id, settings.client_secret),
      credentials: "client",
      signal,
      form: { grant_type: "authorization_code", code, redirect_uri: redirectUri },
    });
    const reply = jsonOf(answer, tokenReply, new URL(settings.token_url).pathname);
    return grantOf(reply, scopes, requestedAtMs);
  } catch (cause) {
    const details =
      cause instanceof ProviderError ? { provider: "polar", cause: cause.code, ...cause.details } : {};
    throw new SystoleError("OAUTH_EXCHANGE_FAILED", details, { cause });
  }
}
