/** An account for whoever looks at the demo, and a link that signs in to it. */
import { newSecret } from "../security/secrets.ts";
import { call, type DemoServer, json } from "./person.ts";

/** The account's password is never told: the link is the only way in, and another is made with the admin token. */
export async function newSignInUrl({ url, adminToken }: DemoServer): Promise<string> {
  const headers = { authorization: `Bearer ${adminToken}` };
  const account = { email: "demo@example.com", password: newSecret(), role: "admin" };
  const made = await call<{ id: string }>(`${url}/admin/v1/accounts`, json("POST", account, headers));
  const link = json("POST", { account_id: made.id }, headers);
  return url + (await call<{ url: string }>(`${url}/admin/v1/session/links`, link)).url;
}
