/** The leases of jobs: a killed worker keeps its jobs for 10 to 20 seconds. */

/** Lets all leases end. To be called where no worker runs; the next one to start finds the jobs. */
export const endLeases = (query: (text: string) => Promise<unknown>): Promise<unknown> =>
  query("UPDATE pgboss.job SET heartbeat_on = now() - interval '1 hour' WHERE state = 'active'");
