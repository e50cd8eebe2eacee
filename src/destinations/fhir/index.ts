/** Any server of FHIR R4: the resources of each record, by transactions. See README.md. */
import { defineDestination } from "../destination.ts";
import { openSender } from "../kit/sender.ts";
import { checkServer } from "./check.ts";
import { deliver } from "./delivery.ts";
import { openServer } from "./server.ts";
import { fhirSettings } from "./settings.ts";
import { SharedResources } from "./shared.ts";
import { Turns } from "./turns.ts";

/** Deliveries of one sender that run at a time. */
const atOnce = 4;

export default defineDestination({
  kind: "fhir",
  displayName: "FHIR R4 server",
  onlyFormat: "fhir",
  settings: fhirSettings,
  // A delivery reads before it writes, and a server validates each resource.
  time: { baseMs: 20_000, perEventMs: 0, bytesPerSecond: 128 * 1_024 },
  connect(settings, context) {
    const server = openServer(settings, context);
    const target = {
      server,
      shared: new SharedResources(server),
      transactionEntries: settings.transaction_entries,
    };
    const turns = new Turns(atOnce);
    return openSender({
      deliver: (event, signal) => turns.run(signal, () => deliver(target, event, signal)),
      check: (signal) => checkServer(server, signal),
      close: () => server.close(),
    });
  },
});
