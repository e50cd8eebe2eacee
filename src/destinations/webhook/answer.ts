/** The meaning of a receiver's answer. */
import type { DeliveryReceipt } from "../destination.ts";
import { type FailureFacts, failure, receiptOf } from "../kit/failure.ts";

/** 2xx is taken, 410 is gone for good; anything else, redirects too, is tried again. @throws DeliveryError */
export function judge(answer: Required<Pick<FailureFacts, "status" | "text" | "headers">>): DeliveryReceipt {
  const { status } = answer;
  if (status >= 200 && status < 300) return receiptOf(answer);
  throw failure(status === 410 ? "DELIVERY_GONE" : "DELIVERY_FAILED", "", answer);
}
