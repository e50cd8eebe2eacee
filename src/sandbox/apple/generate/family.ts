/** Samples that are made together, so that they agree: steps with distance, beats with variability. */
import { Random } from "../../kit/random.ts";
import type { Device, Metadata, Sample } from "./facts.ts";
import type { Wearer } from "./person.ts";

export interface Family {
  /** The types that it makes. An export is written type by type, and asks only for the families that it needs. */
  readonly types: readonly string[];
  /** Makes the samples that start on a local date; the stages of a night are those of the date of waking. */
  samplesOn(wearer: Wearer, date: string): Sample[];
  /** Returns the instant before which none of them is written; where absent, each is written at its end. */
  writtenAt?(wearer: Wearer, date: string): number;
}

export interface Measured {
  readonly type: string;
  readonly device: Device;
  readonly startMs: number;
  /** The start, for a reading of a moment. */
  readonly endMs?: number;
  readonly value: number;
  readonly metadata?: Metadata;
  readonly beats?: NonNullable<Sample["beats"]>;
}

/** Makes a sample, whose id follows from what it is. */
export function sampleOf(wearer: Wearer, measured: Measured): Sample {
  const { type, device, startMs, endMs = startMs, metadata = {} } = measured;
  const uuid = uuidOf(wearer, type, device.bundleId, startMs);
  return { ...measured, uuid, endMs, metadata };
}

export const uuidOf = (wearer: Wearer, ...of: (string | number)[]): string =>
  new Random(wearer.seed, wearer.birthDate, ...of).uuid();

export const inZone = ({ zone }: Wearer): Metadata => ({ HKTimeZone: zone });
export const userEntered: Metadata = { HKWasUserEntered: "1" };

export const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
