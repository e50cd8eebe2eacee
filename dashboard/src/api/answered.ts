/** Turns an answer into its body, or throws the problem that it tells. */
import { asProblem } from "./problem.ts";

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

export async function answered<Data>(call: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await call;
  if (error !== undefined || !response.ok) throw asProblem(error, response.status);
  return data as Data;
}
