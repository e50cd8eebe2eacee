/** The sandboxes that the demo shows. */
import type { SandboxDemo } from "../sandbox/contract.ts";
import type { NamedSandbox, RunningSandboxes } from "../sandbox/start.ts";

/** A simulated provider. */
export interface Shown {
  readonly provider: string;
  readonly displayName: string;
  readonly sandbox: NamedSandbox;
  readonly demo: SandboxDemo;
}

/** Returns the sandboxes with a demonstration: the one at the root first, those that push last. */
export function demonstrated({ all }: RunningSandboxes): readonly [Shown, ...Shown[]] {
  const shown = all.flatMap((sandbox): Shown[] => {
    const { slug: provider, displayName, demo } = sandbox.plugin;
    return demo === undefined ? [] : [{ provider, displayName, sandbox, demo }];
  });
  const place = ({ sandbox, demo }: Shown): number =>
    sandbox.plugin.isAtRoot ? 0 : demo.connecting === "token" ? 2 : 1;
  const [first, ...others] = shown.toSorted((one, other) => place(one) - place(other));
  if (first === undefined) throw new Error("no sandbox can be demonstrated");
  return [first, ...others];
}
