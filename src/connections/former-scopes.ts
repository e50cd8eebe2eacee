/**
 * The scopes of connections of former releases. They kept what the token reply said, and a reply that says nothing
 * means that all was granted that was asked for (RFC 6749 §5.1): the scopes of the one consent there was.
 */
import type { Provider } from "../providers/provider.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** Fills them in once; what a connection has already stays. */
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
