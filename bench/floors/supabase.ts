/** postgrest-js and a plain request to the storage: an object for each event, and a row that refers to it. */
import { randomUUID } from "node:crypto";
import { PostgrestClient } from "@supabase/postgrest-js";
import type { OpenFloor } from "./floor.ts";

interface Settings {
  readonly url: string;
  readonly service_role_key: string;
}

export const open: OpenFloor<Settings> = async ({ url, service_role_key: key }) => {
  const headers = { apikey: key, authorization: `Bearer ${key}` };
  const rest = new PostgrestClient(`${url}/rest/v1`, { headers });
  const insert = async (table: string, row: object): Promise<void> => {
    const { error } = await rest.from(table).insert(row);
    if (error !== null) throw new Error(`PostgREST answered: ${error.message}`);
  };
  const upload = async (path: string, body: Buffer): Promise<void> => {
    const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
    const answer = await fetch(`${url}/storage/v1/object/terra-payloads/${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The storage answered ${answer.status}: ${text}`);
  };
  const user = { user_id: "floor" };
  await insert("terra_users", user);
  return {
    async carry(body) {
      const payload_id = randomUUID();
      await upload(`daily/${payload_id}.json`, body);
      await insert("terra_data_payloads", {
        ...user,
        payload_id,
        data_type: "daily",
        created_at: new Date(),
      });
    },
    close: async () => {},
  };
};
