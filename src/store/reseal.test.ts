import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEnvironment, startTestStore, type TestStore } from "../../test/support/database.ts";
import { KeyRing } from "../security/key-ring.ts";
import { createRevocation } from "../sync/create-tasks.ts";
import { codeVerifierContext } from "./auth-flows.ts";
import { insertConnection } from "./connections.ts";
import { checkSecretKey } from "./database-facts.ts";
import { createDestination, listDestinations } from "./destinations.ts";
import { sealGrants } from "./grants.ts";
import { newId } from "./identifiers.ts";
import { findProviderConfig, openSettings, saveProviderConfig } from "./provider-configs.ts";
import { saveEventSubscription } from "./provider-subscriptions.ts";
import { countUnderFormerKeys, type ResealCursor, type ResealStep, resealStep } from "./reseal.ts";
import { sealedColumns } from "./sealed-columns.ts";

const [former, current] = [randomBytes(32), randomBytes(32)];
const formerRing = new KeyRing(former);
const bothKeys = new KeyRing(current, former);
const destinations = 25;
const grant = {
  consent: "a",
  accessToken: "token",
  expiresAt: null,
  renewal: null,
  providerUserId: "1",
  scopes: [],
};

let kept: TestStore;
let environmentId: string;
const storeWith = (keyRing: KeyRing) => ({ ...kept.store, keyRing });

beforeAll(async () => {
  kept = await startTestStore();
  ({ environmentId } = await createEnvironment(kept.store));
  await checkSecretKey(kept.store.db, formerRing);
  await keepOneOfEach();
});
afterAll(() => kept.close());

/** Stores a sealed value in every column that holds such values. */
async function keepOneOfEach(): Promise<void> {
  const { db, queue } = kept.store;
  const config = { environmentId, provider: "polar" };
  await saveProviderConfig(db, formerRing, config, { client_secret: "c" }, "admin");
  await db
    .updateTable("provider_configs")
    .set({
      subscription_secret_sealed: formerRing.seal(
        "s",
        `provider_configs:${environmentId}:polar:subscription`,
      ),
    })
    .execute();
  const held = {
    remoteId: "1",
    secret: "s",
    action: "created",
    url: "https://a.example/",
    expiresAt: null,
  } as const;
  await saveEventSubscription(db, formerRing, { ...config, event: "a" }, held);
  for (let index = 0; index < destinations; index += 1) {
    await db.transaction().execute((tx) =>
      createDestination(tx, formerRing, environmentId, {
        kind: "webhook",
        settings: { url: "https://a.example/", secret: `secret ${index}` },
        ordered: false,
        eventTypes: null,
        active: true,
        payload: undefined,
        link: undefined,
        format: undefined,
      }),
    );
  }
  const userId = newId();
  const grant_sealed = sealGrants(formerRing, { environmentId, userId }, [grant]);
  const who = { environment_id: environmentId, user_id: userId, provider: "polar", provider_user_id: "1" };
  await db.transaction().execute(async (tx) => {
    await insertConnection(tx, { ...who, reference_id: null, state: "active", grant_sealed, scopes: null });
    await createRevocation(tx, queue, { ...who, grant_sealed });
  });
  await db
    .insertInto("auth_flows")
    .values({
      ...who,
      state_hash: randomBytes(32),
      reference_id: null,
      redirect_uri: "https://a.example/",
      success_url: null,
      failure_url: null,
      session_id: null,
      code_verifier_sealed: formerRing.seal("v", codeVerifierContext({ environmentId, userId })),
      grant_sealed,
      replaces: [userId],
      expires_at: new Date(Date.now() + 60_000),
    })
    .execute();
}

/** Returns every column of the database with a value that begins as one sealed with the key. */
async function columnsWithValuesOf(key: Buffer): Promise<string[]> {
  const { db } = kept.store;
  const { rows: columns } = await sql<{ table: string; column: string }>`
    SELECT c.table_name AS table, c.column_name AS column FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND c.data_type = 'bytea' AND t.table_type = 'BASE TABLE'
      AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = (quote_ident(c.table_name))::regclass)`.execute(
    db,
  );
  const start = Buffer.concat([Buffer.of(1), new KeyRing(key).currentId]);
  const found: string[] = [];
  for (const { table, column } of columns) {
    const { rows } = await sql`SELECT FROM ${sql.table(table)}
      WHERE substring(${sql.ref(column)} FROM 1 FOR 5) = ${start} LIMIT 1`.execute(db);
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found.sort();
}

async function walk(keyRing: KeyRing, limit: number): Promise<ResealStep[]> {
  const steps: ResealStep[] = [];
  let from: ResealCursor | null = { column: 0, after: null };
  while (from !== null) {
    const step: ResealStep = await resealStep(storeWith(keyRing), from, limit);
    steps.push(step);
    from = step.next;
  }
  return steps;
}

test("every column with sealed values is declared", async () => {
  expect(await columnsWithValuesOf(former)).toEqual(
    sealedColumns.map(({ table, column }) => `${table}.${column}`).sort(),
  );
});

test("without the former key nothing is changed, and every such value is named", async () => {
  const before = await countUnderFormerKeys(storeWith(bothKeys));
  const steps = await walk(new KeyRing(current), 7);
  expect(steps.flatMap(({ failed }) => failed)).toHaveLength(before);
  expect(steps.every(({ resealed }) => resealed === 0)).toBe(true);
  expect(await countUnderFormerKeys(storeWith(bothKeys))).toBe(before);
});

test("an interrupted run starts again; afterwards the former key opens nothing", async () => {
  const total = destinations + sealedColumns.length - 1;
  expect(await countUnderFormerKeys(storeWith(bothKeys))).toBe(total);
  const first = await resealStep(storeWith(bothKeys), { column: 2, after: null }, 7);
  expect(first).toMatchObject({ resealed: 7, failed: [], next: { column: 2 } });

  const steps = await walk(bothKeys, 7);
  expect(steps.reduce((sum, { resealed }) => sum + resealed, 0)).toBe(total - 7);
  expect(await countUnderFormerKeys(storeWith(bothKeys))).toBe(0);
  expect(await columnsWithValuesOf(former)).toEqual([]);

  const { db } = kept.store;
  const alone = new KeyRing(current);
  await checkSecretKey(db, alone);
  await expect(checkSecretKey(db, formerRing)).rejects.toMatchObject({ code: "SECRET_KEY_WRONG" });
  const found = await listDestinations(db, alone, environmentId);
  expect(new Set(found.map(({ settings }) => settings.secret)).size).toBe(destinations);
  const config = await findProviderConfig(db, { environmentId, provider: "polar" });
  expect(config && openSettings(alone, config)).toEqual({ client_secret: "c" });
  expect(() => config && openSettings(formerRing, config)).toThrow();
});

test("a value that no key opens is named, and the others are sealed again", async () => {
  const { db } = kept.store;
  const damaged = sql`set_byte(settings_sealed, 40, get_byte(settings_sealed, 40) # 1)`;
  await sql`UPDATE destinations SET settings_sealed = ${damaged}`.execute(db);
  const steps = await walk(new KeyRing(former, current), 100);
  const settings = { table: "destinations", column: "settings_sealed" };
  expect(steps.flatMap(({ failed }) => failed)).toEqual(new Array(destinations).fill(settings));
  expect(await columnsWithValuesOf(current)).toEqual(["destinations.settings_sealed"]);
});
