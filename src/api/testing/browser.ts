/** A small browser for connecting: it keeps cookies, submits forms and follows no redirect by itself. */
import type { Answer, TestApi } from "./api.ts";

export class Browser {
  readonly cookies = new Map<string, string>();
  readonly #api: TestApi;

  constructor(api: TestApi) {
    this.#api = api;
  }

  get(path: string): Promise<Answer> {
    return this.#send(path, {});
  }

  /** Opens a page; returns it and the target of its first form. */
  async open(path: string): Promise<Answer & { readonly action: string }> {
    const page = await this.get(path);
    return { ...page, action: /<form method="post" action="([^"]+)"/.exec(page.text)?.[1] ?? path };
  }

  submit(path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(fields).toString();
    return this.#send(path, { method: "POST", body, headers: { ...type, ...headers } });
  }

  async #send(path: string, init: Parameters<TestApi["call"]>[1]): Promise<Answer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...init?.headers, ...(cookie === "" ? {} : { cookie }) };
    const answer = await this.#api.call(path, { ...init, headers });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.cookies.set(name, value);
    }
    return answer;
  }
}

export async function newSandboxUser(api: TestApi): Promise<string> {
  const made = await fetch(`${api.sandbox.url}/_sandbox/users`, { method: "POST" });
  return String(((await made.json()) as { user_id: number }).user_id);
}

/** Gives consent at the sandbox. Returns the path to which Polar sends the browser back. */
export async function consent(api: TestApi, authUrl: string, sandboxUser?: string): Promise<string> {
  const user = sandboxUser ?? (await newSandboxUser(api));
  const approved = await fetch(`${authUrl}&sandbox_user=${user}`, { redirect: "manual" });
  return (approved.headers.get("location") ?? "").slice(api.url.length);
}
