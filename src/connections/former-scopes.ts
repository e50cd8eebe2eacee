/**
 * Fills in the scopes of connections made by former releases. Those stored the scopes of the token reply. A
 * reply without scopes means that all requested scopes were granted (RFC 6749 §5.1): those of the only
 * consent at that time.
 */
import type { Provider } from "../providers/provider.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** Fills the scopes in once; existing ones stay. */
export async function fillFormerScopes(
  db: DatabaseOrTransaction,
  providers: readonly Pick<Provider, "slug" | "connecting">[],
): Promise<void> {
  for (const { slug, connecting } of providers) {
    if (connecting.kind !== "oauth" || connecting.consents.length > 1) continue;
    const scopes = connecting.consents[0].scopes.map(({ name }) => name).join(" ");
    if (scopes === "") continue;
    await db
      .updateTable("connections")
      .set({ scopes })
      .where("provider", "=", slug)
      .where("consents", "is", null)
      .where("scopes", "is", null)
      .execute();
  }
}
