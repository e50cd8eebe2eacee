/** A browser as far as signing in to the dashboard needs one: it keeps the cookie and says which page asks. */

export interface DashboardAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed when it is JSON, problems included. */
  readonly body: Record<string, unknown>;
}

export class DashboardBrowser {
  cookie = "";
  csrfToken = "";
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;

  /** A page of the server itself asks, unless other headers are given. */
  constructor(
    url: string,
    headers: Readonly<Record<string, string>> = { "sec-fetch-site": "same-origin", origin: url },
  ) {
    this.#url = url;
    this.#headers = headers;
  }

  async signIn(given: Readonly<Record<string, string>>): Promise<DashboardAnswer> {
    const answer = await this.send("POST", "/session", given);
    this.csrfToken = String(answer.body.csrf_token ?? "");
    return answer;
  }

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<DashboardAnswer> {
    return this.#fetch("GET", path, undefined, headers);
  }

  send(
    method: string,
    path: string,
    json?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<DashboardAnswer> {
    return this.#fetch(method, path, json, { "x-csrf-token": this.csrfToken, ...headers });
  }

  async #fetch(
    method: string,
    path: string,
    json: unknown,
    headers: Readonly<Record<string, string>>,
  ): Promise<DashboardAnswer> {
    const content = json === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(`${this.#url}/admin/v1${path}`, {
      method,
      headers: { ...this.#headers, cookie: this.cookie, ...content, ...headers },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    for (const set of response.headers.getSetCookie()) this.cookie = set.split(";", 1)[0] ?? "";
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== "" ? JSON.parse(text) : {},
    };
  }
}
