/** Shows what stands below each other at once, when the first answers are there: nothing moves what is read. */
import { Stack } from "@mantine/core";
import { type Query, type QueryClient, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useLayoutEffect, useState } from "react";
import classes from "./page.module.css";
import { Loading } from "./states.tsx";

/** A slow answer keeps the others back no longer than this. */
const patienceMs = 2_000;

export function Together({ children }: { readonly children: ReactNode }) {
  const isReady = useFirstAnswers();
  return (
    <div className={classes.together}>
      <Stack gap="lg" data-waiting={!isReady}>
        {children}
      </Stack>
      {!isReady && <Loading />}
    </div>
  );
}

const isUnanswered = ({ state }: Query): boolean => state.status === "pending";
const isAsked = (client: QueryClient): boolean => client.isFetching({ predicate: isUnanswered }) > 0;

function useFirstAnswers(): boolean {
  const client = useQueryClient();
  const [isReady, setReady] = useState(false);
  // Before it is seen: what was answered earlier is there at once.
  useLayoutEffect(() => {
    if (!client.getQueryCache().getAll().some(isUnanswered)) setReady(true);
  }, [client]);
  useEffect(() => {
    if (isReady) return undefined;
    const look = () => {
      if (!isAsked(client)) setReady(true);
    };
    // A query that waits for something else is never asked: by now those that are asked are on their way.
    const begun = setTimeout(look, 0);
    const end = setTimeout(() => setReady(true), patienceMs);
    const unsubscribe = client.getQueryCache().subscribe(() => queueMicrotask(look));
    return () => {
      clearTimeout(begun);
      clearTimeout(end);
      unsubscribe();
    };
  }, [client, isReady]);
  return isReady;
}
