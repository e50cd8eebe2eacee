/** Sends a file in pieces, by the tus protocol (version 1.0.0). */
import { open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { RefusedError } from "./admin-client.ts";

export interface UploadTarget {
  /** The address of the format. */
  readonly url: string;
  readonly token: string;
  readonly signal: AbortSignal;
}

export interface SentFile {
  readonly id: string;
  readonly file: string;
  readonly bytes: number;
}

/** A piece of this size passes in a minute on a slow line. */
const pieceBytes = 4 * 1024 * 1024;
/** Pauses between tries of one piece. */
const pausesMs = [500, 2_000, 5_000, 15_000, 30_000];

/** Returns the id of the new upload. @throws RefusedError */
export async function beginUpload(target: UploadTarget, bytes: number): Promise<string> {
  const answer = await ask(target, "", { method: "POST", headers: { "upload-length": String(bytes) } });
  return answer.headers.get("location")?.split("/").at(-1) ?? "";
}

/** Sends what the server does not have yet. @throws RefusedError; the error of the last try */
export async function sendPieces(
  target: UploadTarget,
  { id, file, bytes }: SentFile,
  progress: (sent: number) => void,
): Promise<void> {
  await using handle = await open(file);
  let tries = 0;
  for (;;) {
    try {
      const offset = await offsetOf(target, id);
      progress(offset);
      if (offset >= bytes) return;
      const piece = Buffer.alloc(Math.min(pieceBytes, bytes - offset));
      await handle.read(piece, 0, piece.length, offset);
      await sendPiece(target, id, { piece, offset });
      tries = 0;
    } catch (error) {
      const waitMs = pausesMs[tries];
      if (error instanceof RefusedError || target.signal.aborted || waitMs === undefined) throw error;
      tries += 1;
      await pause(waitMs, undefined, { signal: target.signal });
    }
  }
}

async function offsetOf(target: UploadTarget, id: string): Promise<number> {
  const answer = await ask(target, `/${id}`, { method: "HEAD" });
  return Number(answer.headers.get("upload-offset"));
}

async function sendPiece(
  target: UploadTarget,
  id: string,
  { piece, offset }: { readonly piece: Buffer; readonly offset: number },
): Promise<void> {
  const headers = { "content-type": "application/offset+octet-stream", "upload-offset": String(offset) };
  await ask(target, `/${id}`, { method: "PATCH", headers, body: new Uint8Array(piece) });
}

/** @throws RefusedError when the server refuses; any other error is worth another try */
export async function ask(
  { url, token, signal }: UploadTarget,
  path: string,
  init: RequestInit,
): Promise<Response> {
  const headers = { ...init.headers, authorization: `Bearer ${token}`, "tus-resumable": "1.0.0" };
  const answer = await fetch(`${url}${path}`, { ...init, headers, signal, redirect: "error" });
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string; code?: string };
  const reason = `${problem.detail ?? `the server answers ${answer.status}`} (${problem.code ?? answer.status})`;
  // A piece that arrived twice, or a server that stops, is no refusal.
  if (answer.status >= 500 || answer.status === 409 || answer.status === 423) throw new Error(reason);
  throw new RefusedError(reason);
}
