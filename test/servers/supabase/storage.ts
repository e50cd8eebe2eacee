/**
 * A stand-in for Supabase's storage server, on the project's own `storage` schema: PostgreSQL and its row
 * level security decide what a role may do there, as with the real one, which uses the same statements. It
 * was compared with the real server's answers. It knows the REST routes that a sender and its tests use; not
 * the S3 and resumable protocols, images, public buckets, or copying.
 */
import { randomUUID } from "node:crypto";
import pg from "pg";
import * as refusals from "./answers.ts";

/** The limit of Supabase's free plan, and of uploads in one piece in any plan. */
const maxBytes = 52_428_800;
const validKey = /^[A-Za-z0-9_/!.*'() &$=@;:+,?-]+$/;
const validBucket = /^[A-Za-z0-9_!.*'() &$=@;:+,?-]{1,100}$/;

export interface Upload {
  readonly bucket: string;
  readonly name: string;
  readonly type: string;
  readonly upsert: boolean;
  readonly length: number;
  /** Read once it is known that it may be stored. */
  content(): Promise<Buffer>;
}

/** The claims of the caller's token. */
export interface Caller {
  readonly role: string;
  readonly sub?: string;
}

type Run = (statement: string, values?: readonly unknown[]) => Promise<pg.QueryResult>;

export class Storage {
  readonly #pool: pg.Pool;

  constructor(databaseUrl: string) {
    this.#pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
    this.#pool.on("error", () => {});
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** Runs as the role, or without a role if there is none. */
  async #run<Result>(
    caller: Caller | null,
    work: (run: Run) => Promise<Result>,
    undo = false,
  ): Promise<Result> {
    const client = await this.#pool.connect();
    try {
      await client.query("begin");
      if (caller !== null) {
        await client.query(`set local role ${pg.escapeIdentifier(caller.role)}`);
        const claims = JSON.stringify(caller);
        await client.query("select set_config('request.jwt.claims', $1, true)", [claims]);
      }
      const result = await work((statement, values = []) => client.query(statement, [...values]));
      await client.query(undo ? "rollback" : "commit");
      return result;
    } catch (error) {
      await client.query("rollback").catch(() => {});
      throw error;
    } finally {
      client.release();
    }
  }

  async bucket(caller: Caller | null, id: string) {
    const columns =
      "id, name, owner, public, file_size_limit::float8, allowed_mime_types, created_at, updated_at";
    const { rows } = await this.#run(caller, (run) =>
      run(`select ${columns} from storage.buckets where id = $1`, [id]),
    ).catch(told());
    if (rows[0] === undefined) throw refusals.noSuchBucket();
    return { ...rows[0], owner: "" };
  }

  async createBucket(
    caller: Caller,
    given: {
      name: string;
      id?: string;
      public?: boolean;
      file_size_limit?: number;
      allowed_mime_types?: string[];
    },
  ): Promise<object> {
    const { name, id = name, file_size_limit = null, allowed_mime_types = null } = given;
    if (!validBucket.test(name) || name.trim() !== name) {
      throw new refusals.Refusal("InvalidBucketName", 400, "Bucket name invalid", "Invalid Input");
    }
    const columns = "id, name, public, file_size_limit, allowed_mime_types";
    await this.#run(caller, (run) =>
      run(`insert into storage.buckets (${columns}) values ($1, $2, $3, $4, $5)`, [
        id,
        name,
        given.public ?? false,
        file_size_limit,
        allowed_mime_types,
      ]),
    ).catch(told(refusals.bucketExists));
    return { name };
  }

  async deleteBucket(caller: Caller, id: string): Promise<object> {
    await this.bucket(null, id);
    const { rows } = await this.#run(null, (run) =>
      run("select from storage.objects where bucket_id = $1 limit 1", [id]),
    );
    if (rows.length > 0) throw refusals.notEmpty();
    const { rowCount } = await this.#run(caller, (run) =>
      run("delete from storage.buckets where id = $1", [id]),
    ).catch(told());
    if (rowCount === 0) throw refusals.noSuchBucket();
    return { message: "Successfully deleted" };
  }

  async upload(caller: Caller, upload: Upload): Promise<object> {
    const { bucket, name, type, length } = upload;
    const { file_size_limit, allowed_mime_types } = await this.bucket(null, bucket);
    if (allowed_mime_types?.length > 0 && !allows(allowed_mime_types, type)) throw refusals.wrongType(type);
    if (length > Math.min(file_size_limit ?? maxBytes, maxBytes)) throw refusals.tooLarge();
    if (!validKey.test(name)) throw refusals.invalidKey(name);
    await this.#run(caller, (run) => put(run, upload, upload.upsert), true).catch(told(refusals.keyExists));
    const content = await upload.content();
    const id = await this.#run(null, async (run) => {
      const object = await put(run, upload, true);
      await run(
        "insert into backend.contents values ($1, $2) on conflict (object_id) do update set content = excluded.content",
        [object, content],
      );
      return object;
    });
    return { Key: `${bucket}/${name}`, Id: id };
  }

  /** Returns the part of an object that a role may see; `null` sees all. */
  async read(
    caller: Caller | null,
    bucket: string,
    name: string,
  ): Promise<{ content: Buffer; type: string }> {
    await this.bucket(null, bucket);
    const id = await this.#find(caller, bucket, name);
    const { rows } = await this.#run(null, (run) =>
      run(
        "select content, metadata ->> 'mimetype' as type from backend.contents join storage.objects on id = object_id where id = $1",
        [id],
      ),
    );
    if (rows[0] === undefined) throw refusals.noSuchKey();
    return rows[0];
  }

  async #find(caller: Caller | null, bucket: string, name: string): Promise<string> {
    const { rows } = await this.#run(caller, (run) =>
      run("select id from storage.objects where bucket_id = $1 and name = $2", [bucket, name]),
    ).catch(told());
    if (rows[0] === undefined) throw refusals.noSuchKey();
    return rows[0].id;
  }

  /** Refuses when there is none that the role may see. */
  async assertVisible(caller: Caller, bucket: string, name: string): Promise<void> {
    await this.#find(caller, bucket, name);
  }

  async info(caller: Caller, bucket: string, name: string): Promise<object> {
    const id = await this.#find(caller, bucket, name);
    return { id, name, bucket_id: bucket };
  }

  /** Deletes those that the role may delete; missing or invisible ones are ignored. */
  async remove(caller: Caller, bucket: string, names: readonly string[]): Promise<object> {
    const { rows } = await this.#run(caller, (run) =>
      run(
        "delete from storage.objects where bucket_id = $1 and name = any($2) returning name, bucket_id, id",
        [bucket, names],
      ),
    ).catch(told());
    return rows;
  }

  async removeOne(caller: Caller, bucket: string, name: string): Promise<object> {
    await this.#find(null, bucket, name);
    const removed = (await this.remove(caller, bucket, [name])) as unknown[];
    if (removed.length === 0) throw refusals.accessDenied("Access denied");
    return { message: "Successfully deleted" };
  }

  /** Returns one folder's objects and folders, the latter without an id. */
  async list(caller: Caller, bucket: string, given: { prefix?: string; limit?: number }): Promise<object> {
    const folder = (given.prefix ?? "").replace(/^\/+|\/+$/g, "");
    const start = folder === "" ? "" : `${folder}/`;
    const { rows } = await this.#run(caller, (run) =>
      run(
        "select id, name from storage.objects where bucket_id = $1 and starts_with(name, $2) order by name",
        [bucket, start],
      ),
    ).catch(told());
    const found = new Map<string, object>();
    for (const { id, name } of rows) {
      const [first = "", ...deeper] = name.slice(start.length).split("/");
      found.set(first, { name: first, id: deeper.length > 0 ? null : id });
    }
    return [...found.values()].slice(0, given.limit ?? 100);
  }
}

/** Only replacing an object returns what is there now, and therefore needs the right to see it. */
async function put(run: Run, { bucket, name, type, length }: Upload, upsert: boolean): Promise<string> {
  const metadata = JSON.stringify({ mimetype: type, size: length, contentLength: length });
  const over = `on conflict (name, bucket_id) do update
    set metadata = excluded.metadata, version = excluded.version, updated_at = now() returning id`;
  const { rows } = await run(
    `insert into storage.objects (name, bucket_id, metadata, version) values ($1, $2, $3, $4) ${upsert ? over : ""}`,
    [name, bucket, metadata, randomUUID()],
  );
  return rows[0]?.id;
}

function allows(patterns: readonly string[], type: string): boolean {
  const [family, form] = type.split("/");
  return patterns.some((pattern) => pattern === `${family}/*` || pattern === `${family}/${form}`);
}

const told =
  (duplicate = refusals.keyExists) =>
  (error: unknown): never => {
    throw error instanceof refusals.Refusal ? error : refusals.fromDatabase(error, duplicate);
  };
