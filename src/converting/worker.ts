/** The worker thread: does one conversion after the other. */
import { parentPort } from "node:worker_threads";
import { type Conversion, conversions } from "../export/conversions.ts";
import { lowerPriority } from "../threads/low-priority.ts";
import type { ConversionAnswer, ConversionTask } from "./messages.ts";

lowerPriority();
parentPort?.on("message", async (task: ConversionTask) => parentPort?.postMessage(await answerTo(task)));

async function answerTo({ kind, task }: ConversionTask): Promise<ConversionAnswer> {
  try {
    const convert = conversions[kind] as (task: unknown) => ReturnType<(typeof conversions)[Conversion]>;
    return { ok: true, result: await convert(task) };
  } catch (error) {
    return { ok: false, reason: String(error) };
  }
}
