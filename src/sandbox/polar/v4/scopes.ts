/** The scopes of the Dynamic API, with what the consent page says about each. */
export const scopes: ReadonlyMap<string, string> = new Map([
  ["activity:read", "Daily activity"],
  ["calendar:read", "Diary"],
  ["continuous_samples:read", "Heart rate of the whole day"],
  ["devices:read", "Devices"],
  ["nightly_recharge:read", "Nightly Recharge"],
  ["ppi_data:read", "Intervals between heartbeats"],
  ["profile:read", "Account, with e-mail address"],
  ["routes:read", "Saved routes"],
  ["skin_contact:read", "When the device is worn"],
  ["sleep:read", "Sleep"],
  ["sports:read", "Sports"],
  ["temperature_measurement:read", "Skin temperature"],
  ["tests:read", "Fitness and orthostatic tests"],
  ["training_sessions:read", "Training sessions"],
  ["training_targets:read", "Training targets"],
  ["user_subscription:read", "Paid plans"],
]);

export const words = (text: string): string[] => text.split(" ").filter((word) => word !== "");
