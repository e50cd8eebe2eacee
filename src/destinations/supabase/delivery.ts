/**
 * Delivers events: first their objects, side by side; then one call for all their rows, so that a row never points
 * to a missing object; last, objects that no row points to any more are removed.
 */
import { type BatchedDelivery, DeliveryError, type OutgoingEvent } from "../destination.ts";
import { asDeliveryError, receiptOf } from "../kit/failure.ts";
import { written } from "../kit/written.ts";
import { linkForm } from "../link.ts";
import type { Bucket } from "./bucket.ts";
import { allRows, type Parcel, type PayloadObject, parcelOf } from "./parcel.ts";
import { RestRefusal } from "./refusal.ts";
import type { Tables, Taken } from "./tables.ts";

export class Delivery {
  readonly #bucket: Bucket;
  readonly #tables: Tables;

  constructor(bucket: Bucket, tables: Tables) {
    this.#bucket = bucket;
    this.#tables = tables;
  }

  /** Returns the outcome of each event, in order. @throws DeliveryError that all of them have in common */
  async deliver(events: readonly OutgoingEvent[], signal: AbortSignal): Promise<BatchedDelivery[]> {
    await this.#bucket.mostBytes(signal);
    const uploads = await Promise.all(events.map((event) => this.#upload(event, signal)));
    const parcels = uploads.filter((upload): upload is Parcel => !(upload instanceof DeliveryError));
    const outcomes = await this.#take(parcels, signal);
    return uploads.map((upload) =>
      upload instanceof DeliveryError ? upload : (outcomes.get(upload) as BatchedDelivery),
    );
  }

  /** Returns the event's parcel when all its objects are in the bucket, otherwise the error. */
  async #upload(event: OutgoingEvent, signal: AbortSignal): Promise<Parcel | DeliveryError> {
    try {
      const parcel = parcelOf(event);
      const names = parcel.objects.map(({ path }) => path);
      event.noteSent(written("put objects and upsert their rows", names, event.body.length));
      const puts = parcel.objects.map((object) => this.#put(event, object, signal));
      const failures = (await Promise.allSettled(puts)).flatMap((put) =>
        put.status === "rejected" ? [asDeliveryError(put.reason)] : [],
      );
      return failures.find(({ retry }) => retry !== "never") ?? failures[0] ?? parcel;
    } catch (error) {
      return asDeliveryError(error);
    }
  }

  /** Puts the object. The bucket may be gone or have another limit since it was asked: then it is asked once more. */
  async #put(event: OutgoingEvent, object: PayloadObject, signal: AbortSignal): Promise<void> {
    try {
      await this.#putWhatFits(event, object, signal);
    } catch (error) {
      if (!isOutdated(error)) throw error;
      this.#bucket.forget();
      await this.#putWhatFits(event, object, signal);
    }
  }

  async #putWhatFits(event: OutgoingEvent, object: PayloadObject, signal: AbortSignal): Promise<void> {
    const { path, body } = object;
    const fits = body.length <= (await this.#bucket.mostBytes(signal));
    await this.#bucket.put(path, fits ? body : (await linkForm(event, signal)).body, signal);
  }

  /** When the database refuses a row, each event is written by itself, so that only events with refused rows fail. */
  async #take(parcels: readonly Parcel[], signal: AbortSignal): Promise<Map<Parcel, BatchedDelivery>> {
    if (parcels.length === 0) return new Map();
    try {
      const answer = await this.#tables.take(allRows(parcels), signal);
      await this.#tidy(parcels, answer, signal);
      const taken = new Set(answer.taken);
      return new Map(parcels.map((parcel) => [parcel, outcomeOf(parcel, taken)]));
    } catch (error) {
      if (!(error instanceof RestRefusal && error.kind === "rows")) throw error;
      const [only, ...others] = parcels;
      if (only !== undefined && others.length === 0) return new Map([[only, error]]);
      const each = await Promise.all(parcels.map((parcel) => this.#takeOne(parcel, signal)));
      return new Map(each);
    }
  }

  async #takeOne(parcel: Parcel, signal: AbortSignal): Promise<[Parcel, BatchedDelivery]> {
    const outcomes = await this.#take([parcel], signal).catch(asDeliveryError);
    return [parcel, outcomes instanceof DeliveryError ? outcomes : (outcomes.get(parcel) as BatchedDelivery)];
  }

  /**
   * Removes the objects of revisions that have been replaced by a newer one, in this delivery or before. They can
   * never become current again. A failure to remove them does not fail the events.
   */
  async #tidy(parcels: readonly Parcel[], { taken, superseded }: Taken, signal: AbortSignal): Promise<void> {
    const standing = new Set(taken);
    const outdone = parcels
      .filter(({ event }) => event.records.length > 0)
      .flatMap(({ objects }) => objects.filter(({ payloadId }) => !standing.has(payloadId)));
    const paths = new Set([...superseded, ...outdone.map(({ path }) => path)]);
    if (paths.size > 0) await this.#bucket.remove([...paths], signal).catch(() => {});
  }
}

function outcomeOf({ event, objects }: Parcel, taken: ReadonlySet<string>): BatchedDelivery {
  const told = objects.map(({ path, payloadId }) =>
    event.records.length === 0 || taken.has(payloadId) ? path : "a newer revision stands",
  );
  return receiptOf({ text: told.join("\n") });
}

const isOutdated = (error: unknown): boolean =>
  error instanceof DeliveryError && ["DESTINATION_TARGET_MISSING", "DELIVERY_TOO_LARGE"].includes(error.code);
