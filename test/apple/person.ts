/** A person who is connected with Apple Health, and whose phone knows where to push. */
import type { Hub } from "../invented/hub.ts";
import { waitFor } from "../support/wait.ts";

export interface ConnectedPerson {
  readonly userId: string;
  readonly token: string;
  readonly urls: Readonly<Record<string, string>>;
}

export async function connectPerson(hub: Hub, referenceId: string): Promise<ConnectedPerson> {
  const { body } = await hub.call("POST", `/v2/auth/tokens?reference_id=${referenceId}`);
  const redeemed = await hub.call("POST", "/v2/auth/redeemToken", { token: body.token, provider: "APPLE" });
  const { user_id, upload_token, upload_urls } = redeemed.body as {
    readonly user_id: string;
    readonly upload_token: string;
    readonly upload_urls: Readonly<Record<string, string>>;
  };
  return { userId: user_id, token: upload_token, urls: upload_urls };
}

export interface FileState {
  readonly state: string;
  readonly code: string | null;
  readonly details: Readonly<Record<string, unknown>> | null;
  readonly records_read: number;
  readonly stored_from: string | null;
}

/** Sends a file whole, and returns its state at the end. */
export async function sendFile({ token, urls }: ConnectedPerson, file: Buffer | string): Promise<FileState> {
  const url = urls.export ?? "";
  const headers = { authorization: `Bearer ${token}` };
  const body = typeof file === "string" ? file : new Uint8Array(file);
  const answer = await fetch(url, { method: "POST", headers, body });
  if (answer.status !== 202) throw new Error(`The file was refused: ${answer.status} ${await answer.text()}`);
  const { upload_id } = (await answer.json()) as { readonly upload_id: string };
  return waitFor("the file's end", async () => {
    const state = (await (await fetch(`${url}/${upload_id}`, { headers })).json()) as FileState;
    return ["done", "failed"].includes(state.state) && state;
  });
}
