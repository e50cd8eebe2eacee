/** The captured bodies of real devices, if available. They are read in place, never copied. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const payloadsDirectory = path.resolve(import.meta.dirname, "../../../shared/polar-payloads");
export const payloadsAreThere = existsSync(payloadsDirectory);
export const whyWithoutPayloads = "needs the captured payloads in ../shared/polar-payloads";

export interface CapturedBody {
  /** e.g. `exercises/2026-02-20-RUNNING-PWvlO8J1.json`. */
  readonly name: string;
  readonly text: string;
}

export function capturedBodies(resource: string): CapturedBody[] {
  if (!payloadsAreThere) return [];
  return readdirSync(path.join(payloadsDirectory, resource))
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({
      name: `${resource}/${file}`,
      text: readFileSync(path.join(payloadsDirectory, resource, file), "utf8"),
    }));
}

/** Inputs with right values, also read in place. */
export const casesDirectory = path.resolve(import.meta.dirname, "../../../shared/cases/polar");
export const casesAreThere = existsSync(casesDirectory);

/** Bodies of providers other than Polar, by the provider's folder. They are read in place, too. */
export const providerPayloads = path.resolve(import.meta.dirname, "../../../shared/provider-payloads");
export const providerPayloadsAreThere = existsSync(providerPayloads);
export const whyWithoutProviderPayloads = "needs the captured bodies in ../shared/provider-payloads";
export const capturedText = (provider: string, file: string): string =>
  readFileSync(path.join(providerPayloads, provider, file), "utf8");
