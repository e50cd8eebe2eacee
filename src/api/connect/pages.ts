/** The words and marks of the connect pages. */
import type { AuthorizationOutcome } from "../../connections/authorize.ts";
import { errorCatalogue, type SystoleError } from "../../errors.ts";
import type { Provider } from "../../providers/provider.ts";
import { type Html, html } from "../html.ts";

interface Page {
  readonly title: string;
  readonly body: Html;
}

export function choicePage(sessionId: string, providers: readonly Provider[]): Page {
  const title = "Connect your wearable";
  if (providers.length === 0) {
    return { title, body: html`<p>There is nothing to connect yet. Please tell the app you came from.</p>` };
  }
  const choices = providers.map(
    ({ slug, displayName }) => html`<li><form method="post" action="/connect/${sessionId}/${slug}">
<button type="submit">Connect ${displayName}</button>
</form></li>
`,
  );
  return {
    title,
    body: html`<p>Choose where your data comes from. You will log in there and decide what to share.</p>
<ul class="choices">
${choices}</ul>
`,
  };
}

export function outcomePage({ outcome, code }: AuthorizationOutcome): Page {
  if (outcome === "connected") {
    const body = html`<p>Your data is on its way. You can close this window and go back to the app.</p>`;
    return { title: "You are connected", body };
  }
  if (outcome === "denied") {
    const body = html`<p>You did not give access, so nothing was connected. Use the same link to try again.</p>`;
    return { title: "Not connected", body };
  }
  const { message, remedy } = errorCatalogue[code ?? "INTERNAL"];
  const body = html`<p>${message}.</p>
<p>${remedy}</p>
<p><small>Code: <code>${code ?? "INTERNAL"}</code></small></p>
`;
  return { title: "Not connected", body };
}

export function errorPage({ code, message }: SystoleError, traceId: string): Page {
  const { remedy } = errorCatalogue[code];
  const body = html`<p>${message}.</p>
<p>${remedy}</p>
<p><small>Code: <code>${code}</code>, reference: <code>${traceId}</code></small></p>
`;
  return { title: "This did not work", body };
}

/** No trademarked logo: the first letter of the name. */
export function iconOf({ displayName }: Provider): Html {
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="${displayName}">
<rect width="64" height="64" rx="14" fill="#b3123f"/>
<text x="32" y="44" fill="#fff" font-family="sans-serif" font-size="34" font-weight="700" text-anchor="middle">${displayName.charAt(0)}</text>
</svg>
`;
}
