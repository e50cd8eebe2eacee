/** Short messages at the edge of the page. The component that shows them is loaded with the first one. */
import type { NotificationData } from "@mantine/notifications";
import { lazy, Suspense, useSyncExternalStore } from "react";

const load = () => import("./notifications.ts");
const Notifications = lazy(async () => ({ default: (await load()).Notifications }));

/** Mantine's own button has no name, and its grey for a text below a title has a contrast of 3.3:1. */
const accessible: Partial<NotificationData> = {
  closeButtonProps: { "aria-label": "Hide message" },
  styles: { description: { color: "var(--mantine-color-text)" } },
};

let isWanted = false;
const listeners = new Set<() => void>();

export async function showMessage(message: NotificationData): Promise<void> {
  const { notifications } = await load();
  isWanted = true;
  for (const tell of listeners) tell();
  notifications.show({ ...accessible, ...message });
}

function listen(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

export function Messages() {
  if (!useSyncExternalStore(listen, () => isWanted)) return null;
  return (
    <Suspense>
      <Notifications position="bottom-right" />
    </Suspense>
  );
}
