/** Counts the statements that this process gives to PostgreSQL. Imported before anything connects. */
import pg from "pg";

let given = 0;
const { query } = pg.Client.prototype;
Object.assign(pg.Client.prototype, {
  query(this: pg.Client, ...call: unknown[]): unknown {
    given++;
    return Reflect.apply(query, this, call);
  },
});

export const statements = (): number => given;
