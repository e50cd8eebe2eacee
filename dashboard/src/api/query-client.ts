import { QueryClient } from "@tanstack/react-query";
import { asProblem } from "./problem.ts";

/** A refusal stays one when it is asked again; only a server that is away may be back. */
const isWorthAnotherTry = (failures: number, error: unknown): boolean =>
  failures < 2 && asProblem(error).code === "SERVER_UNREACHABLE";

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5_000, retry: isWorthAnotherTry, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
