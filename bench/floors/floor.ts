/** A bare loop's work for one event, with nothing between it and the vendor's client. */

export interface Floor {
  /** Resolves when the server has stored the body durably. @throws when it has not */
  carry(body: Buffer, n: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens a floor with the settings of a destination of this kind; creates what it needs there. */
export type OpenFloor<Settings extends object> = (settings: Readonly<Settings>) => Promise<Floor>;
