/** A provider as one environment has it. */
export interface ProviderConfigId {
  readonly environmentId: string;
  /** The provider's slug. */
  readonly provider: string;
}
