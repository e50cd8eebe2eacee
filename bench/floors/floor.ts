/** What a bare loop does for one event, with nothing between it and the vendor's client. */

export interface Floor {
  /** Resolves when the server has taken the body, durably. @throws when it has not */
  carry(body: Buffer, n: number): Promise<void>;
  close(): Promise<void>;
}

/** With the settings that a destination of the kind has; makes what it needs there. */
export type OpenFloor<Settings extends object> = (settings: Readonly<Settings>) => Promise<Floor>;
