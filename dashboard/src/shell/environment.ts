/** The environment that the screens are about, and how it is told apart. */
import { createContext, useContext } from "react";
import { callsAbout, type Hooks, hooksAbout } from "../api/client.ts";
import type { paths } from "../api/schema.gen.ts";
import type { Account } from "./session.ts";

type EnvironmentsAnswer =
  paths["/admin/v1/environments"]["get"]["responses"][200]["content"]["application/json"];
export type Environment = EnvironmentsAnswer["data"][number];

export type Stage = Environment["stage"];

export const stageNames: Readonly<Record<Stage, string>> = {
  production: "Production",
  staging: "Staging",
  testing: "Testing",
};

interface Place {
  readonly environment: Environment;
  readonly environments: readonly Environment[];
  readonly account: Account;
}

const PlaceContext = createContext<Place | null>(null);
export const PlaceProvider = PlaceContext.Provider;

export function usePlace(): Place {
  const place = useContext(PlaceContext);
  if (place === null) throw new Error("this screen is outside of an environment");
  return place;
}

/** Hooks of the calls about this environment. */
export const useApi = (): Hooks => hooksAbout(usePlace().environment.dev_id);

export const useCalls = (): ReturnType<typeof callsAbout> => callsAbout(usePlace().environment.dev_id);

/** Viewers look at everything and change nothing. */
export const useMayChange = (): boolean => usePlace().account.role === "admin";
