/**
 * Fills in the scopes of connections made by former releases. Those stored the scopes of the token reply. A
 * reply without scopes means that all requested scopes were granted (RFC 6749 §5.1): those of the only
 * consent at that time.
 */
import { consentOf } from "../providers/consents.ts";
import type { Provider } from "../providers/provider.ts";
import type { DatabaseOrTransaction } from "../store/tables.ts";

/** Fills the scopes in once; existing ones stay. */
export async function fillFormerScopes(
  db: DatabaseOrTransaction,
  providers: readonly Pick<Provider, "slug" | "connecting">[],
): Promise<void> {
  for (const { slug, connecting } of providers) {
    if (connecting.kind !== "oauth") continue;
    const former = connecting.formerConsent ?? onlyOne(connecting.consents);
    if (former === null) continue;
    const scopes = consentOf({ slug, connecting }, former)
      .scopes.map(({ name }) => name)
      .join(" ");
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

/** Returns the name of the consent; null where there are several, of which any may have been given. */
const onlyOne = ([first, ...others]: readonly { readonly name: string }[]): string | null =>
  first === undefined || others.length > 0 ? null : first.name;
