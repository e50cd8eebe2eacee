/** The account of whoever looks at the demo, and links that sign in to it. */
import { newSecret } from "../security/secrets.ts";
import { call, type DemoServer, json } from "./person.ts";

/**
 * Makes the account, and returns a function that makes a link: each works once, within ten minutes. The password is
 * never told.
 */
export async function openAccount({ url, adminToken }: DemoServer): Promise<() => Promise<string>> {
  const headers = { authorization: `Bearer ${adminToken}` };
  const account = { email: "demo@example.com", password: newSecret(), role: "admin" };
  const made = await call<{ id: string }>(`${url}/admin/v1/accounts`, json("POST", account, headers));
  const link = json("POST", { account_id: made.id }, headers);
  return async () => url + (await call<{ url: string }>(`${url}/admin/v1/session/links`, link)).url;
}
