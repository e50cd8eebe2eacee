/** Events, attempts and received requests as they happen: the lists are read again with each. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { usePlace } from "../../shell/environment.ts";
import { Status } from "../../ui/status.tsx";

/** However much happens, lists are read again at most this often. */
const pauseMs = 500;

function useLive(): boolean {
  const { environment } = usePlace();
  const client = useQueryClient();
  const [isLive, setLive] = useState(false);
  useEffect(() => {
    const source = new EventSource(
      `/admin/v1/events/stream?environment=${encodeURIComponent(environment.dev_id)}`,
    );
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      waiting ??= setTimeout(() => {
        waiting = undefined;
        void client.invalidateQueries();
      }, pauseMs);
    };
    source.addEventListener("open", () => setLive(true));
    source.addEventListener("error", () => setLive(false));
    source.addEventListener("event", refresh);
    source.addEventListener("attempt", refresh);
    source.addEventListener("received", refresh);
    source.addEventListener("end", () => source.close());
    return () => {
      clearTimeout(waiting);
      source.close();
    };
  }, [environment.dev_id, client]);
  return isLive;
}

export function LiveMark() {
  const isLive = useLive();
  return <Status tone={isLive ? "good" : "quiet"}>{isLive ? "Live" : "Connecting …"}</Status>;
}
