/** The settings of a Kafka destination. */
import { z } from "zod";
import { certificates } from "../kit/settings.ts";

export interface Address {
  readonly host: string;
  readonly port: number;
}

const defaultPort = 9_092;
const port = /^\d{1,5}$/;

/** `host`, `host:port` or `[::1]:port`. @throws Error */
export function parseBroker(text: string): Address {
  const [, bracketed, name, given] = /^(?:\[([^\]]+)\]|([^:\s/]+))(?::(.*))?$/.exec(text) ?? [];
  const host = bracketed ?? name;
  const number = given === undefined ? defaultPort : Number(port.exec(given)?.[0]);
  if (host === undefined || !(number > 0 && number < 65_536)) throw new Error(`${text} is not host:port`);
  return { host, port: number };
}

const parseBrokers = (text: string): Address[] =>
  text
    .split(",")
    .map((broker) => broker.trim())
    .filter(Boolean)
    .map(parseBroker);

const areBrokers = (text: string): boolean => {
  try {
    return parseBrokers(text).length > 0;
  } catch {
    return false;
  }
};

export const settings = z
  .strictObject({
    brokers: z
      .string()
      .max(4_096)
      .refine(areBrokers, "must be host:port, several of them with commas between")
      .meta({ address: true })
      .describe("Where to ask for the cluster first: `host:port`, several of them with commas between."),
    topic: z
      .string()
      .regex(/^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/, "is not the name of a topic")
      .describe("The topic. It is made with the cluster's defaults where it is missing and that is allowed."),
    mechanism: z
      .enum(["plain", "scram-sha-256", "scram-sha-512", "none"])
      .default("plain")
      .describe("How to log in (SASL). `none` where the cluster asks for no login."),
    username: z.string().min(1).max(1_024).optional().describe("Needed unless `mechanism` is `none`."),
    password: z
      .string()
      .min(1)
      .max(8_192)
      .meta({ secret: true })
      .optional()
      .describe("Needed unless `mechanism` is `none`."),
    tls: z
      .boolean()
      .default(true)
      .describe(
        "Encrypts the connection and verifies the brokers' certificates. Off only in your own network.",
      ),
    ca: certificates
      .optional()
      .describe("The authority that signed the brokers' certificates, as PEM. The public ones are known."),
    compression: z
      .enum(["none", "gzip", "zstd"])
      .default("none")
      .describe("How batches are compressed on their way and in the topic."),
    max_message_bytes: z
      .int()
      .min(2_048)
      .max(1_073_741_824)
      .optional()
      .describe(
        "The largest batch the topic takes (`max.message.bytes`). The cluster is asked unless it is set.",
      ),
  })
  .refine(({ mechanism, username, password }) => mechanism === "none" || (username && password), {
    message: "is needed, with a password, unless mechanism is none",
    path: ["username"],
  });

export type Settings = z.output<typeof settings>;

export const bootstrapBrokers = (given: Settings): readonly Address[] => parseBrokers(given.brokers);
