/** Built-in receivers: made with a webhook destination that posts to this server, and removed with it. */
import { removeDestination } from "../delivery/destinations.ts";
import { loadDestination } from "../destinations/registry.ts";
import { SystoleError } from "../errors.ts";
import { newSecret } from "../security/secrets.ts";
import { createDestination, type DestinationSettings } from "../store/destinations.ts";
import {
  findReceiver,
  insertReceiver,
  listForgotten,
  listReceivers,
  lockReceivers,
  type Receiver,
  type ReceiverId,
} from "../store/receivers.ts";
import type { Store } from "../store/store.ts";
import { receiverUrl } from "./own-url.ts";

const mostOfEnvironment = 5;

/**
 * Makes a receiver. Its token is in its destination's URL, which is sealed, and nowhere else.
 * @throws SystoleError RECEIVERS_TOO_MANY
 */
export async function makeReceiver(
  { db, keyRing }: Store,
  publicUrl: string,
  environmentId: string,
): Promise<Receiver> {
  const webhook = await loadDestination("webhook");
  const token = newSecret();
  const given = { url: receiverUrl(publicUrl, token) };
  const settings = (webhook.issueSecrets?.(given).settings ?? given) as DestinationSettings;
  return db.transaction().execute(async (tx) => {
    await lockReceivers(tx, environmentId);
    const others = await listReceivers(tx, environmentId);
    if (others.length >= mostOfEnvironment) {
      throw new SystoleError("RECEIVERS_TOO_MANY", { limit: mostOfEnvironment });
    }
    const row = { kind: webhook.kind, settings, eventTypes: null, active: true };
    const destination = await createDestination(tx, keyRing, environmentId, row);
    return insertReceiver(tx, { environmentId, destinationId: destination.destination_id }, token);
  });
}

/** Removes a receiver, its destination and all that it received. @throws SystoleError RESOURCE_NOT_FOUND */
export async function removeReceiver(store: Store, id: ReceiverId): Promise<Receiver> {
  const receiver = await foundReceiver(store, id);
  await removeDestination(store, destinationOf(receiver));
  return receiver;
}

/** @throws SystoleError RESOURCE_NOT_FOUND */
export async function foundReceiver({ db }: Pick<Store, "db">, id: ReceiverId): Promise<Receiver> {
  const receiver = await findReceiver(db, id);
  if (receiver === null) throw new SystoleError("RESOURCE_NOT_FOUND", { receiver_id: id.receiverId });
  return receiver;
}

/** Removes the receivers that nobody has looked at for a day. Returns them. */
export async function forgetReceivers(store: Store, now: Date): Promise<readonly Receiver[]> {
  const forgotten = await listForgotten(store.db, now);
  for (const receiver of forgotten) await removeDestination(store, destinationOf(receiver));
  return forgotten;
}

const destinationOf = ({ environment_id: environmentId, destination_id: destinationId }: Receiver) => ({
  environmentId,
  destinationId,
});
