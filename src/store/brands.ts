/** The look of environments on the connect page. */
import { createHash } from "node:crypto";
import type { Selectable } from "kysely";
import type { BrandsTable, DatabaseOrTransaction } from "./tables.ts";

export interface Logo {
  readonly type: string;
  readonly content: Buffer;
}

/** A brand without the bytes of its logo. */
export type Brand = Pick<Selectable<BrandsTable>, "name" | "color" | "logo_type" | "logo_hash">;

export interface BrandChange {
  readonly name?: string | null | undefined;
  readonly color?: string | null | undefined;
  readonly logo?: Logo | null | undefined;
}

const noBrand: Brand = { name: null, color: null, logo_type: null, logo_hash: null };

export async function findBrand(db: DatabaseOrTransaction, environmentId: string): Promise<Brand> {
  const row = await brands(db).where("environment_id", "=", environmentId).executeTakeFirst();
  return row ?? noBrand;
}

/** Returns the brands by environment id; environments without one are left out. */
export async function listBrands(db: DatabaseOrTransaction): Promise<ReadonlyMap<string, Brand>> {
  const rows = await brands(db).execute();
  return new Map(rows.map((row) => [row.environment_id, row]));
}

const brands = (db: DatabaseOrTransaction) =>
  db.selectFrom("brands").select(["environment_id", "name", "color", "logo_type", "logo_hash"]);

/** Changes what is given; the rest stays. */
export async function changeBrand(
  db: DatabaseOrTransaction,
  environmentId: string,
  { logo, ...change }: BrandChange,
): Promise<void> {
  const changed = { ...change, ...(logo !== undefined && logoColumns(logo)) };
  await db
    .insertInto("brands")
    .values({ environment_id: environmentId, ...changed })
    .onConflict((conflict) =>
      conflict.column("environment_id").doUpdateSet({ environment_id: environmentId, ...changed }),
    )
    .execute();
}

function logoColumns(logo: Logo | null) {
  if (logo === null) return { logo: null, logo_type: null, logo_hash: null };
  const hash = createHash("sha256").update(logo.content).digest();
  return { logo: logo.content, logo_type: logo.type, logo_hash: hash };
}

/** A logo by the hash of its bytes; null when no environment has it. */
export async function findLogo(db: DatabaseOrTransaction, hash: Buffer): Promise<Logo | null> {
  const row = await db
    .selectFrom("brands")
    .select(["logo", "logo_type"])
    .where("logo_hash", "=", hash)
    .executeTakeFirst();
  if (row?.logo == null || row.logo_type === null) return null;
  return { content: row.logo, type: row.logo_type };
}
