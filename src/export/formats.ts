/** All formats of records beside Terra's. One is loaded when it is first asked for. */
import { SystoleError } from "../errors.ts";
import type { RecordFormat } from "./contract.ts";

const loaders = {
  fhir: async (): Promise<RecordFormat> => (await import("./fhir/index.ts")).default,
  fit: async (): Promise<RecordFormat> => (await import("./fit/index.ts")).fit,
} as const;

export type RecordFormatName = keyof typeof loaders;

/** Terra's own form of a record comes first: it needs no writing. */
export const formatNames = ["terra", ...(Object.keys(loaders) as RecordFormatName[])] as const;

/** @throws SystoleError FORMAT_UNKNOWN naming the formats there are */
export async function loadFormat(name: string): Promise<RecordFormat> {
  if (!Object.hasOwn(loaders, name)) {
    throw new SystoleError("FORMAT_UNKNOWN", { format: name, formats: [...formatNames] });
  }
  return loaders[name as RecordFormatName]();
}
