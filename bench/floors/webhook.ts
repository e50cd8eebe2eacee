/** undici: a POST for each event over a kept-alive connection. */
import { randomUUID } from "node:crypto";
import { Pool } from "undici";
import type { OpenFloor } from "./floor.ts";

export const open: OpenFloor<{ url: string }> = async ({ url }) => {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: 1 });
  return {
    async carry(body) {
      const headers = { "content-type": "application/json", "webhook-id": randomUUID() };
      const answer = await pool.request({ method: "POST", path: pathname, headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`The receiver answered ${answer.statusCode}: ${text}`);
    },
    close: () => pool.close(),
  };
};
