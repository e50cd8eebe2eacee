/**
 * What an export has written so far, kept beside it from the beginning and after each step. A killed export goes on from
 * there: files are cut to the length that the state knows, so that nothing is missing and nothing is there twice.
 */
import { mkdir, open, readdir, readFile, rename } from "node:fs/promises";
import path from "node:path";
import { UsageError } from "./usage.ts";

export interface ExportState {
  readonly format: string;
  readonly url: string;
  /** The dev-id; null where the admin token's first environment is meant. */
  readonly environment: string | null;
  /** The user that was asked for; null for everybody. */
  readonly user: string | null;
  /** The first and the last day that were asked for; null without. */
  readonly since: string | null;
  readonly until: string | null;
  /** The number of users that are written whole. */
  users: number;
  /** The place at which the user after those goes on; null at their beginning. */
  place: string | null;
  /** The length of each file that is appended to. */
  readonly files: Record<string, number>;
  /** The number of lines, or of files, that are written. */
  written: number;
  done: boolean;
}

type Wanted = Pick<ExportState, "format" | "url" | "environment" | "user" | "since" | "until">;

const stateFile = "systole-export.json";

/** An export's folder. */
export class ExportFolder {
  readonly #directory: string;
  readonly state: ExportState;

  private constructor(directory: string, state: ExportState) {
    this.#directory = directory;
    this.state = state;
  }

  /**
   * Opens a new folder, or one in which an export of the same stopped. The state is on the disk before anything else is,
   * so every file in the folder is of the export that the state describes.
   * @throws UsageError
   */
  static async open(directory: string, wanted: Wanted): Promise<ExportFolder> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const kept = await readState(path.join(directory, stateFile));
    if (kept !== null) {
      assertSame(directory, kept, wanted);
      await cutFiles(directory, kept);
      return new ExportFolder(directory, kept);
    }
    await assertEmpty(directory);
    const begun = { users: 0, place: null, files: {}, written: 0, done: false };
    const folder = new ExportFolder(directory, { ...wanted, ...begun });
    await folder.save();
    return folder;
  }

  /** Appends to a file, which is on the disk before this returns. */
  async append(name: string, text: string): Promise<void> {
    const before = this.state.files[name] ?? 0;
    const bytes = Buffer.from(text);
    // A file that the state does not know is of a step that was not kept.
    await using handle = await open(this.#fileAt(name), before === 0 ? "w" : "a", 0o600);
    await handle.appendFile(bytes);
    await handle.sync();
    this.state.files[name] = before + bytes.length;
  }

  /** Writes a whole file in place of any other of its name. */
  async write(name: string, bytes: Uint8Array): Promise<void> {
    const file = this.#fileAt(name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await replaceFile(file, bytes);
  }

  /** Returns null where there is none. */
  read(name: string): Promise<string | null> {
    return textOf(this.#fileAt(name));
  }

  /** Names are made of what another server answered. @throws UsageError when one leads out of the folder */
  #fileAt(name: string): string {
    return fileIn(this.#directory, name);
  }

  /** Keeps the state. What was written since the last time is written for good. */
  save(): Promise<void> {
    return this.write(stateFile, Buffer.from(JSON.stringify(this.state)));
  }
}

function fileIn(directory: string, name: string): string {
  const root = path.resolve(directory);
  const file = path.resolve(root, name);
  if (file.startsWith(`${root}${path.sep}`)) return file;
  throw new UsageError(`${name} is no name of a file in ${directory}`);
}

/** The name of a file while it is written. */
const halfOf = (file: string): string => `${file}.part`;

async function replaceFile(file: string, bytes: Uint8Array): Promise<void> {
  const half = halfOf(file);
  {
    await using handle = await open(half, "w", 0o600);
    await handle.writeFile(bytes);
    await handle.sync();
  }
  await rename(half, file);
}

async function readState(file: string): Promise<ExportState | null> {
  const text = await textOf(file);
  try {
    return text === null ? null : (JSON.parse(text) as ExportState);
  } catch (cause) {
    throw new UsageError(`${file} is not the state of an export`, { cause });
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/** Only a state that was not written whole may be there. @throws UsageError */
async function assertEmpty(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => name !== halfOf(stateFile));
  if (names.length > 0)
    throw new UsageError(`${directory} has files and no state of an export. Choose another --out`);
}

/** @throws UsageError */
function assertSame(directory: string, kept: ExportState, wanted: Wanted): void {
  for (const name of ["format", "url", "environment", "user", "since", "until"] as const) {
    if (kept[name] === wanted[name]) continue;
    const was = kept[name] ?? "not given";
    throw new UsageError(`${directory} has another export: its ${name} was ${was}. Choose another --out`);
  }
}

/** @throws UsageError where a file has lost what the state says is in it */
async function cutFiles(directory: string, { files }: ExportState): Promise<void> {
  for (const [name, length] of Object.entries(files)) {
    const file = fileIn(directory, name);
    await using handle = await open(file, "a");
    const { size } = await handle.stat();
    if (size < length) throw new UsageError(`${file} was changed since; choose another --out`);
    await handle.truncate(length);
  }
}
