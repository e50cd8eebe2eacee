/** Calls of a sandbox's control side. */

export type SandboxControl = <Answer = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
) => Promise<Answer>;

/** Returns the call of a sandbox's control side. It throws what is refused; an empty answer is `{}`. */
export const sandboxControl =
  (controlUrl: string): SandboxControl =>
  async (method, path, body) => {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(controlUrl + path, { method, ...json });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? {} : JSON.parse(text);
  };
