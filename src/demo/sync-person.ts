/** A person of the demo who connects a device, and whose device syncs. */
import type { Arrivals } from "./arrivals.ts";
import {
  connectByKey,
  connectPerson,
  connectPhone,
  type DemoPerson,
  type DemoServer,
  newSandboxUser,
  syncWatch,
} from "./person.ts";
import type { Screen } from "./screen.ts";
import type { Shown } from "./shown.ts";

const days = 28;
/** The developer's own id for the person, whatever they connect. */
export const referenceId = "demo-person";

export interface Syncing {
  readonly server: DemoServer;
  readonly screen: Screen;
  readonly arrivals: Arrivals;
  readonly signal: AbortSignal;
}

/** Connects one of the person's devices and syncs it, with the receiver listening. */
export async function syncPerson(demo: Syncing, shown: Shown): Promise<DemoPerson> {
  return shown.demo.connecting === "key" ? connectSynced(demo, shown) : syncConnected(demo, shown);
}

/** Connects the person, and then syncs their device. */
async function syncConnected(demo: Syncing, shown: Shown): Promise<DemoPerson> {
  const connect = shown.demo.connecting === "page" ? connectPerson : connectPhone;
  const theirs = serverFor(demo, shown);
  const person = await connect(theirs, referenceId);
  tellOf(demo, shown, person);
  demo.signal.throwIfAborted();
  demo.arrivals.expect(await syncWatch(theirs, person, daysOf(shown)), shown.demo.recordsOf);
  return person;
}

/** Syncs their watch first: whoever pastes a key may be at a provider that notifies nobody of what comes later. */
async function connectSynced(demo: Syncing, shown: Shown): Promise<DemoPerson> {
  const theirs = serverFor(demo, shown);
  const sandboxUserId = await newSandboxUser(theirs, shown.demo.person);
  const synced = await syncWatch(theirs, { sandboxUserId }, daysOf(shown));
  const person = await connectByKey(theirs, referenceId, sandboxUserId);
  tellOf(demo, shown, person);
  demo.signal.throwIfAborted();
  demo.arrivals.expect(synced, shown.demo.recordsOf);
  return person;
}

const serverFor = ({ server }: Syncing, { provider }: Shown): DemoServer => ({ ...server, provider });

const daysOf = ({ demo }: Shown): number => demo.days ?? days;

const tellOf = ({ screen }: Syncing, shown: Shown, { userId }: DemoPerson): void =>
  screen.print(
    `A person (${referenceId}) connected their ${shown.displayName} as user_id ${userId}; ${daysOf(shown)} days are syncing …\n`,
  );
