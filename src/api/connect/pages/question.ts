/** The page that asks whether another account replaces the connected one. */
import type { ShownQuestion } from "../../../connections/replacement.ts";
import { html } from "../../html.ts";
import type { Page } from "../document.ts";
import type { Look } from "../look.ts";
import { brandRow } from "./parts.ts";

export function questionPage({ provider, connectedSince, leadsTo }: ShownQuestion, look: Look): Page {
  const { question } = look.words;
  const [since] = connectedSince.toSorted((one, other) => one.getTime() - other.getTime());
  const day = new Intl.DateTimeFormat(look.language, { dateStyle: "long", timeZone: "UTC" });
  return {
    title: question.title,
    leadsTo,
    body: html`${brandRow(look)}<h1>${question.title}</h1>
<p>${question.lead(provider)}${since === undefined ? "" : html` ${question.since(day.format(since))}`}</p>
<p>${question.only} ${question.warning}</p>
<form method="post">
<button name="answer" value="keep">${question.keep}</button>
<button class="plain" name="answer" value="replace">${question.replace}</button>
</form>
`,
  };
}
