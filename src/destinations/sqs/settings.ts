/** The settings of an SQS destination. */
import { z } from "zod";
import { accessKey, region } from "../kit/aws/settings.ts";

const parts = /^\/[^/]+\/[A-Za-z0-9_-]{1,80}(\.fifo)?$/;

/** The address as AWS shows it: the server, the account and the name, and nothing else. */
function isQueueUrl(text: string): boolean {
  const url = URL.parse(text);
  if (url === null) return false;
  return `${url.username}${url.password}${url.search}${url.hash}` === "" && parts.test(url.pathname);
}

export const settings = z.strictObject({
  queue_url: z
    .url({ protocol: /^https?$/, hostname: /./ })
    .max(2_048)
    .refine(isQueueUrl, "must be a queue's URL, https://sqs.<region>.amazonaws.com/<account>/<name>")
    .meta({ address: true })
    .describe("The queue's URL, as AWS shows it. It must exist; Systole makes none."),
  region: region.describe("The queue's region, for example `eu-central-1`."),
  ...accessKey,
  max_message_bytes: z
    .int()
    .min(1_024)
    .max(1_048_576)
    .optional()
    .describe(
      "The largest message the queue takes (its `MaximumMessageSize`). The queue is asked unless it is set.",
    ),
});

export type Settings = z.output<typeof settings>;

/** A FIFO queue keeps the order of a group; its name says that it is one. */
export const isFifo = ({ queue_url }: Settings): boolean => queue_url.endsWith(".fifo");
