/** Changes which data types of a provider an environment handles. A type that is chosen again is made up for. */
import { SystoleError } from "../errors.ts";
import type { DataType } from "../models/index.ts";
import { isNeeded } from "../providers/needed-resources.ts";
import type { Provider } from "../providers/provider.ts";
import { dueAtOnce } from "../store/coverage.ts";
import { type DataChoice, lockChoice, saveChoice } from "../store/data-choices.ts";
import type { ProviderConfigId } from "../store/provider-config-id.ts";
import type { Store } from "../store/store.ts";
import type { DatabaseTransaction } from "../store/tables.ts";
import { startRenormalization } from "./renormalize/control.ts";

interface Choosing {
  readonly provider: Provider;
  readonly environmentId: string;
  /** All types at once are stored as "all": a type that a later release adds is then handled too. */
  readonly types: readonly DataType[];
  readonly samples: boolean;
}

/** Returns the choice before. @throws SystoleError PROVIDER_NOT_CONFIGURED */
export function chooseData(
  { db, queue }: Pick<Store, "db" | "queue">,
  { provider, environmentId, types, samples }: Choosing,
): Promise<DataChoice> {
  const id = { environmentId, provider: provider.slug };
  const isAll = provider.dataTypes.every((type) => types.includes(type));
  const after: DataChoice = { types: isAll ? null : types, samples };
  return db.transaction().execute(async (tx) => {
    const before = await lockChoice(tx, id);
    if (before === null) throw new SystoleError("PROVIDER_NOT_CONFIGURED", { provider: provider.slug });
    await saveChoice(tx, id, after);
    const added = types.filter((type) => before.types !== null && !before.types.includes(type));
    if (added.length > 0) await makeUp(tx, queue, { provider, id, before, after, added });
    return before;
  });
}

interface Addition {
  readonly provider: Provider;
  readonly id: ProviderConfigId;
  readonly before: DataChoice;
  readonly after: DataChoice;
  readonly added: readonly DataType[];
}

/** Fetches what was not needed so far, and makes records of what was fetched for other types. */
async function makeUp(
  tx: DatabaseTransaction,
  queue: Store["queue"],
  { provider, id, before, after, added }: Addition,
): Promise<void> {
  const resources = provider.resources
    .map(({ name }) => name)
    .filter((name) => isNeeded(provider, name, after.types) && !isNeeded(provider, name, before.types));
  await dueAtOnce(tx, id, resources);
  await startRenormalization(tx, queue, {
    environmentId: id.environmentId,
    filter: { userIds: null, types: added, provider: provider.slug, from: null, to: null },
    options: { dryRun: false, sendEvents: true, recordsPerSecond: null },
  });
}
