/** Shows how an uploaded file is read, until it is over. */
import { setTimeout as pause } from "node:timers/promises";
import type { Terminal } from "./terminal.ts";
import { ask, type UploadTarget } from "./upload-pieces.ts";

interface State {
  readonly state: string;
  readonly read_bytes: number;
  readonly unpacked_bytes: number | null;
  readonly records_read: number;
  readonly records_changed: number;
  readonly stored_from: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly details: { readonly byte?: number; readonly line?: number } | null;
}

const lookMs = 1_000;

/** Returns the exit code: 0 when all of the file was read. @throws RefusedError */
export async function followUpload(
  target: UploadTarget,
  id: string,
  { out, err, signal }: Terminal,
): Promise<number> {
  let shown = "";
  for (;;) {
    const state = (await (await ask(target, `/${id}`, { method: "GET" })).json()) as State;
    const line = lineOf(state);
    if (line !== shown) err.write(`${line}\n`);
    shown = line;
    if (state.state === "done" || state.state === "failed") {
      out.write(`${id} ${state.state}\n`);
      return state.state === "done" ? 0 : 1;
    }
    await pause(lookMs, undefined, { signal });
  }
}

function lineOf(state: State): string {
  const records = `${state.records_read} records read`;
  switch (state.state) {
    case "reading":
      return state.unpacked_bytes === null
        ? `reading: ${records}`
        : `reading: ${percent(state.read_bytes, state.unpacked_bytes)}, ${records}`;
    case "storing":
      return `storing: the days from ${state.stored_from} on are there, ${state.records_changed} records changed`;
    case "done":
      return `done: ${records}, ${state.records_changed} records changed`;
    case "failed":
      return `failed: ${state.message} (${state.code})${placeOf(state)}; ${records} before, which stand`;
    default:
      return state.state;
  }
}

const placeOf = ({ details }: State): string =>
  details?.byte === undefined ? "" : `, at byte ${details.byte}, line ${details.line}`;

export const percent = (part: number, whole: number): string =>
  whole === 0 ? "100 %" : `${Math.floor((part / whole) * 100)} %`;
