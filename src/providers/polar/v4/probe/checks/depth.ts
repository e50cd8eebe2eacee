import type { ProbeCheck, ProbeFinding } from "../../../../provider.ts";
import type { PolarSettings } from "../../../settings.ts";
import { askV4, dateIn, finding, noted, type Polar, withV4 } from "../calls.ts";
import { emptyForm, formVerdict, listIn } from "../forms.ts";
import { sessionPlace, sessionsPath } from "../lists.ts";

const windowDays = 90;
const emptyWindows = 3;
/** Twelve years: nobody has seen more. */
const mostWindows = 48;

interface Window {
  readonly finding: ProbeFinding;
  readonly isEmpty: boolean;
  readonly isRefused: boolean;
}

async function window(polar: Polar, index: number): Promise<Window> {
  const to = dateIn(polar, 1 - index * windowDays);
  const from = dateIn(polar, 1 - (index + 1) * windowDays);
  const answer = await askV4(polar, sessionsPath({ from, to }));
  const empty = emptyForm(sessionPlace, answer);
  const request = `GET /v4/data/training-sessions/list, days ${index * windowDays} to ${(index + 1) * windowDays} before now`;
  const facts = { sessions: listIn(sessionPlace, answer)?.items.length ?? null };
  const found = finding(request, answer, { verdict: formVerdict(sessionPlace, answer), facts });
  return {
    // The shape of sessions is told by another check.
    finding: { ...found, shape: answer.status < 400 ? [] : found.shape },
    isEmpty: empty !== null,
    isRefused: answer.status >= 400 && answer.status !== 404,
  };
}

/** Section 9, 6: how far back sessions go, and what an empty answer looks like. */
export const depth: ProbeCheck<PolarSettings> = {
  name: "depth",
  title: "How far back sessions go",
  run: withV4(async (polar) => {
    const windows: Window[] = [];
    for (let index = 0; index < mostWindows; index += 1) {
      const next = await window(polar, index);
      windows.push(next);
      const last = windows.slice(-emptyWindows);
      if (next.isRefused || (last.length === emptyWindows && last.every(({ isEmpty }) => isEmpty))) break;
    }
    const deepest = windows.findLastIndex(({ isEmpty, isRefused }) => !isEmpty && !isRefused);
    const verdict = windows.at(-1)?.isRefused
      ? "The walk ended at a refusal."
      : "The walk ended where three windows were empty.";
    return [
      noted(windows.length === mostWindows ? "Sessions go back further than was asked." : verdict, {
        "windows of 90 days with sessions, to the oldest": deepest + 1,
      }),
      ...windows.map(({ finding: one }) => one),
    ];
  }),
};
