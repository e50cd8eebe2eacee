/** Records of the bodies captured from real devices, made by the providers' own normalisers. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { ExportableRecord } from "../../src/export/contract.ts";
import type { DataType } from "../../src/models/index.ts";
import { readExport } from "../../src/providers/apple/formats/export/read-export.ts";
import { healthAutoExport } from "../../src/providers/apple/formats/health-auto-export/resource.ts";
import { openWearables } from "../../src/providers/apple/formats/open-wearables/resource.ts";
import { Folded } from "../../src/providers/apple/formats/testing/folded.ts";
import { makeAll } from "../../src/providers/apple/testing/person.ts";
import {
  type GrowingSample,
  type Grown,
  grow,
  inForce,
  nothingGrown,
  type Statement,
} from "../../src/providers/kit/growing/fold.ts";
import { givenBodies, partsOf, recordsOf } from "../../src/providers/polar/testing/bodies.ts";
import type { Part, Resource } from "../../src/providers/provider.ts";
import { payloadsAreThere } from "../support/payloads.ts";

const appleFolder = path.resolve(import.meta.dirname, "../../../shared/apple-payloads");
export const appleIsThere = existsSync(appleFolder);
export const polarIsThere = payloadsAreThere;

const exported = (provider: string, type: DataType, naturalKey: string, data: unknown): ExportableRecord =>
  ({
    userId: "40f7",
    referenceId: "person-1",
    provider,
    type,
    naturalKey,
    revision: 1,
    data,
  }) as ExportableRecord;

/** Each body of Polar by itself: the records of many bodies together hide what one of them is like. */
export function polarRecords(): ExportableRecord[] {
  return givenBodies().flatMap(({ resource, key, body }) =>
    [...recordsOf(partsOf(resource, key, body))].map(([name, record]) => {
      const [type = "", ...naturalKey] = name.split(" ");
      return exported("POLAR", type as DataType, naturalKey.join(" "), record);
    }),
  );
}

const appleTypes: readonly DataType[] = [
  "activity",
  "daily",
  "sleep",
  "body",
  "nutrition",
  "menstruation",
  "athlete",
];

const appleRecordsOf = (parts: readonly Part[]): ExportableRecord[] =>
  appleTypes.flatMap((type) =>
    [...makeAll(type, parts)].map(([key, record]) => exported("APPLE", type, key, record)),
  );

/** Reads a whole export, as ingest does. */
async function partsOfExport(file: string): Promise<Part[]> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "fhir-export-"));
  const states = new Map<string, { part: Part; grown: Grown<GrowingSample> }>();
  try {
    for await (const batch of readExport(file, { directory, progress: () => undefined })) {
      for (const part of batch.filter(({ resource }) => resource !== "export")) {
        const at = JSON.stringify([part.resource, part.key]);
        const statement = part.value as Statement<GrowingSample>;
        const grown = grow(states.get(at)?.grown ?? nothingGrown, { ...statement, order: 1 });
        states.set(at, { part, grown });
      }
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
  return [...states.values()].map(({ part, grown }) => ({ ...part, value: inForce(grown) }));
}

function partsOfPush(resource: Resource, name: string): Part[] {
  const body = resource.decode(readFileSync(path.join(appleFolder, name)));
  return new Folded({ resource, body }).parts;
}

/** Returns the records of each body of Apple Health that a reader of ours takes. */
export async function appleRecords(): Promise<ExportableRecord[]> {
  const records: ExportableRecord[] = [];
  for (const name of readdirSync(appleFolder).toSorted()) {
    if (/^(mu-)?export-.*\.xml$/.test(name))
      records.push(...appleRecordsOf(await partsOfExport(path.join(appleFolder, name))));
    else if (name.includes("hae-")) records.push(...appleRecordsOf(partsOfPush(healthAutoExport, name)));
    else if (name.includes("ow-sync")) records.push(...appleRecordsOf(partsOfPush(openWearables, name)));
  }
  return records;
}
