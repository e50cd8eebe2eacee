/** The process's log: one JSON line per event, without secrets. */
import { type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger };

const masked = [
  "authorization",
  "access_token",
  "accessToken",
  "refreshToken",
  "client_secret",
  "clientSecret",
  "secret",
  "password",
  "apiKey",
  "grant",
  "settings",
];

export function createLogger(level: string, destination?: NodeJS.WritableStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: [
        ...masked.flatMap((name) => [name, `*.${name}`]),
        'req.headers["x-api-key"]',
        "req.headers.authorization",
        "req.headers.cookie",
      ],
      censor: "[masked]",
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
