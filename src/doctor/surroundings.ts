/** Checks of the surroundings: the disk of large bodies, and the public URL with its certificate. */
import type { StatsFs } from "node:fs";
import { statfs } from "node:fs/promises";
import path from "node:path";
import { connect } from "node:tls";
import { bodyPlace } from "../body-place.ts";
import type { Config } from "../config.ts";
import { errorMessage } from "../errors.ts";
import { type Finding, failure, ok, warning } from "./finding.ts";

const dayMs = 86_400_000;
const certificateDays = { warning: 21, error: 3 };
const freePart = { warning: 0.15, error: 0.03 };
const answerMs = 10_000;

export async function diskFinding(config: Config): Promise<Finding> {
  const check = "disk";
  const place = bodyPlace(config);
  if (place.kind === "bucket") return ok(check, "large bodies are in an object store");
  const { directory } = place;
  const stat = await nearestStat(path.resolve(directory));
  const part = stat.bavail / stat.blocks;
  const says = `${((stat.bavail * stat.bsize) / 1e9).toFixed(1)} GB (${Math.round(part * 100)} %) are free at ${directory}`;
  const remedy =
    "Make room, or move the bodies: SYSTOLE_BODY_STORE. A full disk stops uploads, and the embedded database.";
  if (part < freePart.error) return failure(check, says, remedy);
  return part < freePart.warning ? warning(check, says, remedy) : ok(check, says);
}

/** The directory is made with the first body. */
async function nearestStat(directory: string): Promise<StatsFs> {
  try {
    return await statfs(directory);
  } catch (error) {
    const parent = path.dirname(directory);
    if (parent === directory) throw error;
    return nearestStat(parent);
  }
}

export async function publicUrlFindings({ SYSTOLE_PUBLIC_URL: publicUrl }: Config): Promise<Finding[]> {
  const check = "public URL";
  if (publicUrl === undefined) {
    return [
      warning(
        check,
        "SYSTOLE_PUBLIC_URL is not set",
        "Set it: providers and browsers have to reach this server.",
      ),
    ];
  }
  const url = new URL(publicUrl);
  const findings = [await answers(check, publicUrl)];
  if (url.protocol === "https:") findings.push(await certificate(url));
  return findings;
}

async function answers(check: string, publicUrl: string): Promise<Finding> {
  const remedy = "Is the server running, and does the reverse proxy or tunnel lead to it?";
  try {
    const response = await fetch(`${publicUrl}/healthz`, { signal: AbortSignal.timeout(answerMs) });
    const body = (await response.json().catch(() => null)) as { status?: unknown } | null;
    if (response.ok && body?.status === "ok") return ok(check, `${publicUrl} answers`);
    return failure(check, `${publicUrl}/healthz answers ${response.status}, and not as Systole`, remedy);
  } catch (error) {
    return failure(check, `${publicUrl} does not answer: ${reasonOf(error)}`, remedy);
  }
}

const reasonOf = (error: unknown): string => {
  const { cause } = error as { cause?: unknown };
  return errorMessage(cause ?? error);
};

async function certificate(url: URL): Promise<Finding> {
  const check = "certificate";
  const remedy = "Renew it: providers stop sending notifications to a certificate that has ended.";
  try {
    const ends = await certificateEnd(url);
    const days = Math.floor((ends.getTime() - Date.now()) / dayMs);
    const says = `the certificate of ${url.host} ends in ${days} days`;
    if (days < certificateDays.error) return failure(check, says, remedy);
    return days < certificateDays.warning ? warning(check, says, remedy) : ok(check, says);
  } catch (error) {
    return failure(check, `the certificate of ${url.host} cannot be read: ${errorMessage(error)}`, remedy);
  }
}

/** Whether it is trusted shows where the URL is asked; here only its end counts. */
function certificateEnd({ hostname, port }: URL): Promise<Date> {
  return new Promise((resolve, reject) => {
    const host = hostname.replace(/^\[|\]$/g, "");
    const socket = connect({
      host,
      port: Number(port || 443),
      servername: /[a-z]/i.test(host) && !host.includes(":") ? host : undefined,
      rejectUnauthorized: false,
      timeout: answerMs,
    } as Parameters<typeof connect>[0] & object);
    socket.once("secureConnect", () => {
      resolve(new Date(socket.getPeerCertificate().valid_to));
      socket.destroy();
    });
    socket.once("timeout", () => socket.destroy(new Error("no answer")));
    socket.once("error", reject);
  });
}
