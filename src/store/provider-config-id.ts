/** The key of a provider's configuration in one environment. */
export interface ProviderConfigId {
  readonly environmentId: string;
  /** The provider's slug. */
  readonly provider: string;
}
