/** The meaning of a receiver's answer, and how much of it is read. */
import type { Readable } from "node:stream";
import type { DeliveryReceipt } from "../destination.ts";
import { type FailureFacts, failure, receiptOf } from "../kit/failure.ts";

/** Bytes of an answer that are read and kept. A longer answer ends its connection. */
export const keptBytes = 1_024;
/** Time for the rest of an answer: its status alone decides. */
const timeoutMs = 1_000;

/** Returns the first kilobyte as text. An answer that breaks off does not change the meaning of its status. */
export async function readAnswer(body: Readable): Promise<string> {
  const kept: Buffer[] = [];
  let bytes = 0;
  const timeout = setTimeout(() => body.destroy(), timeoutMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      kept.push(chunk.subarray(0, keptBytes - bytes));
      bytes += chunk.length;
      if (bytes > keptBytes) break;
    }
  } catch {
    body.destroy();
  } finally {
    clearTimeout(timeout);
  }
  return Buffer.concat(kept).toString("utf8");
}

/** 2xx is taken, 410 is gone for good; anything else, redirects too, is tried again. @throws DeliveryError */
export function judge(answer: Required<Pick<FailureFacts, "status" | "text" | "headers">>): DeliveryReceipt {
  const { status } = answer;
  if (status >= 200 && status < 300) return receiptOf(answer);
  throw failure(status === 410 ? "DELIVERY_GONE" : "DELIVERY_FAILED", "", answer);
}
