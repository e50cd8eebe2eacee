/** TLS settings of a receiver: its own authority, and a client certificate. The receiver is always verified. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";

const mostPem = 256 * 1_024;
const pem = z.string().min(1).max(mostPem);

export const tlsSettings = {
  ca: pem
    .optional()
    .describe("PEM of the authorities that may vouch for the receiver, in place of the public ones."),
  client_certificate: pem
    .optional()
    .describe("PEM of the certificate that Systole shows (mutual TLS), with any intermediate ones after it."),
  client_key: pem
    .meta({ secret: true, sent: false })
    .optional()
    .describe("PEM of its private key, not encrypted."),
} as const;

export type TlsSettings = z.output<z.ZodObject<typeof tlsSettings>>;

/** Problems of the settings taken together, by setting. */
export function tlsProblems(url: string, settings: TlsSettings): [setting: string, problem: string][] {
  const { ca, client_certificate, client_key } = settings;
  const given = (["ca", "client_certificate", "client_key"] as const).filter(
    (name) => settings[name] !== undefined,
  );
  if (given.length > 0 && !/^https:/i.test(url)) {
    return given.map((name) => [name, "needs an https address"]);
  }
  return [...problem("ca", () => assertCertificates(ca)), ...pairProblems(client_certificate, client_key)];
}

function pairProblems(certificate: string | undefined, key: string | undefined): [string, string][] {
  if (certificate === undefined && key === undefined) return [];
  if (certificate === undefined) return [["client_certificate", "is missing beside client_key"]];
  if (key === undefined) return [["client_key", "is missing beside client_certificate"]];
  const unreadable = [
    ...problem("client_certificate", () => assertCertificates(certificate)),
    ...problem("client_key", () => createPrivateKey(key)),
  ];
  if (unreadable.length > 0) return unreadable;
  const belongs = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  return belongs ? [] : [["client_key", "is not the key of client_certificate"]];
}

/** OpenSSL's own message is left out: it may quote the text that could not be read. */
function problem(setting: string, read: () => void): [string, string][] {
  try {
    read();
    return [];
  } catch {
    return [[setting, "is not PEM that can be read"]];
  }
}

const blocks = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

function assertCertificates(text: string | undefined): void {
  if (text === undefined) return;
  const found = text.match(blocks) ?? [];
  if (found.length === 0) throw new Error("no certificate");
  for (const block of found) new X509Certificate(block);
}

/** `rejectUnauthorized` is set explicitly, so that no environment variable can turn it off. */
export function tlsOptions({ ca, client_certificate: cert, client_key: key }: TlsSettings) {
  return {
    rejectUnauthorized: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  };
}
