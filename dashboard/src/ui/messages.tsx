/** Short messages at the edge of the page. The component that shows them is loaded with the first one. */
import type { NotificationData } from "@mantine/notifications";
import { lazy, Suspense, useSyncExternalStore } from "react";

const load = () => import("./notifications.ts");
const Notifications = lazy(async () => ({ default: (await load()).Notifications }));

let isWanted = false;
const listeners = new Set<() => void>();

export async function showMessage(message: NotificationData): Promise<void> {
  const { notifications } = await load();
  isWanted = true;
  for (const tell of listeners) tell();
  notifications.show(message);
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
