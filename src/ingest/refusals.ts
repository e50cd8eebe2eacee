/** Refused notifications leave a trace, but strangers must not be able to fill the disk with traces. */
import type { IncomingHttpHeaders } from "node:http";
import type { SystoleError } from "../errors.ts";
import type { Provider } from "../providers/provider.ts";
import { noEnvironment } from "../store/identifiers.ts";
import type { NewNotification } from "../store/notifications.ts";
import type { Logger } from "../telemetry/log.ts";
import type { NotificationWriter } from "./notification-writer.ts";

const keptBytes = 4_096;
const keptPerMinute = 120;
const minuteMs = 60_000;

/** A notification as it came in, before anything is known of it. */
export interface ArrivedNotification {
  readonly providerSlug: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly traceId: string;
}

export class RefusalLog {
  readonly #writer: NotificationWriter;
  readonly #log: Logger;
  #minute = 0;
  #kept = 0;

  constructor(writer: NotificationWriter, log: Logger) {
    this.#writer = writer;
    this.#log = log;
  }

  /** Every refusal is logged; the first ones of every minute are kept with their bodies' beginnings. */
  async record(provider: Provider, arrived: ArrivedNotification, error: SystoleError): Promise<void> {
    const kept = this.#mayKeep();
    this.#log.warn(
      { trace_id: arrived.traceId, provider: provider.slug, code: error.code, kept },
      "notification refused",
    );
    if (kept) await this.#writer.write(refusedNotification(provider, arrived, error));
  }

  #mayKeep(): boolean {
    const minute = Math.floor(Date.now() / minuteMs);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#kept = 0;
    }
    this.#kept++;
    return this.#kept <= keptPerMinute;
  }
}

/** Belongs to nobody: without a good signature there is no telling whose it is. */
const refusedNotification = (
  provider: Provider,
  { body, traceId }: ArrivedNotification,
  error: SystoleError,
): NewNotification => ({
  environmentId: noEnvironment,
  provider: provider.slug,
  origin: "provider",
  state: "refused",
  traceId,
  event: null,
  providerUserId: null,
  fetches: [],
  body: body.subarray(0, keptBytes),
  code: error.code,
  details: { ...error.details, body_bytes: body.length },
});
