/** `systole upload FILE`: sends a file in pieces, goes on where a broken line stopped it, and shows how it is read. */
import { stat } from "node:fs/promises";
import { loadConfig } from "../config.ts";
import { isFile } from "../providers/provider.ts";
import { providers } from "../providers/registry.ts";
import { RefusedError } from "./admin-client.ts";
import { runCommandLine } from "./command.ts";
import { publicUrl, type Terminal } from "./terminal.ts";
import { followUpload, percent } from "./upload-follow.ts";
import { beginUpload, sendPieces, type UploadTarget } from "./upload-pieces.ts";
import { UsageError } from "./usage.ts";

const help = `Uploads an export of a person's data, and shows how it is read, the newest days first.

  UPLOAD_TOKEN=… npm run systole -- upload export.zip

  --format NAME       provider and format, such as provider/export; needed where there are several
  --resume ID         goes on with an upload that was interrupted
  --url URL           where Systole is; SYSTOLE, SYSTOLE_PUBLIC_URL, or SYSTOLE_HOST and SYSTOLE_PORT
  --no-wait           returns when the file is received
  --help

UPLOAD_TOKEN has the upload token of the person's connection, as the connect page shows it.
`;

const options = {
  format: { type: "string" },
  resume: { type: "string" },
  url: { type: "string" },
  "no-wait": { type: "boolean" },
} as const;

export const runUpload = (args: readonly string[], terminal: Terminal): Promise<number> =>
  runCommandLine({ help, options, words: ["FILE"] }, args, terminal, async (values, [file = ""]) => {
    const token = terminal.env.UPLOAD_TOKEN;
    if (!token) throw new UsageError("UPLOAD_TOKEN is not set");
    const bytes = await sizeOf(file);
    const base = (values.url ?? publicUrl(loadConfig(terminal.env), terminal.env)).replace(/\/+$/, "");
    const target = { url: `${base}/v2/uploads/${formatOf(values.format)}`, token, signal: terminal.signal };
    const id = values.resume ?? (await beginUpload(target, bytes));
    await send(target, { id, file, bytes }, terminal);
    return values["no-wait"] ? 0 : followUpload(target, id, terminal);
  });

async function send(
  target: UploadTarget,
  upload: { readonly id: string; readonly file: string; readonly bytes: number },
  { err }: Terminal,
): Promise<void> {
  try {
    await sendPieces(target, upload, (sent) => {
      err.write(`sent ${percent(sent, upload.bytes)} of ${upload.file}\n`);
    });
  } catch (error) {
    if (error instanceof RefusedError) throw error;
    throw new RefusedError(`The upload was interrupted. Go on with --resume ${upload.id}`, { cause: error });
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`, {
      cause: error,
    });
  }
}

/** @throws UsageError */
function formatOf(given: string | undefined): string {
  const known = providers.flatMap(({ slug, uploads = {} }) =>
    Object.entries(uploads).flatMap(([name, format]) => (isFile(format) ? [`${slug}/${name}`] : [])),
  );
  const [only, ...others] = known;
  if (given === undefined && only !== undefined && others.length === 0) return only;
  if (given !== undefined && known.includes(given)) return given;
  throw new UsageError(`--format is one of ${known.join(", ")}`);
}
