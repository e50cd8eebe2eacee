/**
 * The rules that every provider plugin must follow, as cases that throw. A plugin's own test runs them all with its
 * examples; `conformance.test.ts` proves for each case that a plugin which breaks the rule fails it.
 */
import { askingCases } from "./asking.ts";
import { connectingCases } from "./connecting.ts";
import { declaringCases } from "./declaring.ts";
import { growingCases } from "./growing.ts";
import { notifyingCases } from "./notifying.ts";
import { pastingCases } from "./pasting.ts";
import { recordingCases } from "./recording.ts";
import type { ProviderCase } from "./subject.ts";
import { subscribingCases } from "./subscribing.ts";
import { uploadingCases } from "./uploading.ts";

export type { ExampleReply } from "./example-reply.ts";
export type * from "./subject.ts";

export const providerCases = {
  ...declaringCases,
  ...connectingCases,
  ...pastingCases,
  ...notifyingCases,
  ...subscribingCases,
  ...askingCases,
  ...uploadingCases,
  ...growingCases,
  ...recordingCases,
} as const satisfies Record<string, ProviderCase>;

export type ProviderCaseName = keyof typeof providerCases;
