/** The messages to a worker thread and back: plain values only, so errors are sent as code and details. */
import type { ErrorCode, ErrorDetails } from "../../errors.ts";
import { type Part, ProviderError, type ResourceRef } from "../../providers/provider.ts";
import { contentHash } from "../../store/content-hash.ts";
import type { Arrival, FoldInput } from "../growing/fold-part.ts";
import type { PackedPart } from "../growing/state.ts";
import type { FileCheck } from "../receiving/check-file.ts";
import type { SplitBody } from "./split.ts";

/** A body that the thread reads from a file. */
export interface BodyFile {
  readonly file: string;
  /** Whether it is compressed with zstd. */
  readonly isPacked: boolean;
}

export interface SplitTask extends ResourceRef {
  readonly kind: "split";
  readonly provider: string;
  readonly body: Uint8Array | BodyFile;
}

export interface NormalizeTask {
  readonly kind: "normalize";
  readonly provider: string;
  /** The index of the normaliser in the provider's list. */
  readonly normalizer: number;
  readonly naturalKey: string;
  readonly parts: readonly (Part | PackedPart)[];
}

/** Folds statements into parts that grow. */
export interface GrowTask {
  readonly kind: "grow";
  readonly provider: string;
  readonly arrival: Arrival;
  readonly inputs: readonly FoldInput[];
}

/** Asks which records parts belong to. */
export interface AffectTask {
  readonly kind: "affect";
  readonly provider: string;
  readonly parts: readonly PackedPart[];
}

/** Checks a received body. */
export interface CheckTask extends FileCheck {
  readonly kind: "check";
}

export type ParsingTask = SplitTask | NormalizeTask | GrowTask | AffectTask | CheckTask;

export interface SentError {
  readonly code: ErrorCode;
  readonly retry: "later" | "never";
  readonly details: ErrorDetails;
}

export interface SentSplit extends Omit<SplitBody, "failed" | "refused"> {
  readonly failed: SentError | null;
  readonly refused: SentError | null;
}

export type ParsingAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: SentError | null; readonly reason: string };

export const sentError = ({ code, retry, details }: ProviderError): SentError => ({ code, retry, details });

export const receivedError = ({ code, retry, details }: SentError): ProviderError =>
  new ProviderError(code, retry, details);

/** Adds the hash in the worker too, since hashing a large part takes time. */
const withHash = (part: Part): Part => ({ ...part, contentHash: contentHash(part.value) });

export const sentSplit = ({ parts, failed, refused, ...split }: SplitBody): SentSplit => ({
  ...split,
  parts: parts.map(withHash),
  failed: failed && sentError(failed),
  refused: refused && sentError(refused),
});

export const receivedSplit = ({ failed, refused, ...split }: SentSplit): SplitBody => ({
  ...split,
  failed: failed && receivedError(failed),
  refused: refused && receivedError(refused),
});
