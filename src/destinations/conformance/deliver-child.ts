/** A process that loads a kind, connects and delivers the events of its standard input. */
import { text } from "node:stream/consumers";
import { createAddressGuard } from "../../security/address-guard.ts";
import { loadDestination } from "../registry.ts";
import { parseSettings } from "../settings.ts";
import { inBatches, singly, untilTaken } from "./delivering.ts";
import type { Errand } from "./elsewhere.ts";
import { linkTo } from "./events.ts";
import { asSent } from "./formed.ts";

const { kind, settings, how, format, events } = JSON.parse(await text(process.stdin)) as Errand;
const destination = await loadDestination(kind);
const sender = destination.connect(
  parseSettings(destination, settings),
  createAddressGuard({ allowPrivate: true }),
  format,
);
const way =
  how === "in batches" && destination.batch
    ? inBatches(destination.batch.maxEvents)
    : singly(destination.time);
const given = events.map((event) => ({
  ...event,
  body: Buffer.from(event.body, "base64"),
  link: linkTo(event.id, { times: 0 }),
  noteSent: () => {},
}));
const outgoing = await Promise.all(given.map((event) => asSent(event, format ?? destination.onlyFormat)));
await untilTaken(sender, outgoing, way);
await sender.close();
