/** A colour for each quantity, the same on every screen: in light, and in dark. */
export const colors = {
  heart: ["#c81e50", "#ff6b94"],
  hrv: ["#6f42c1", "#b095f2"],
  breath: ["#0f8a8a", "#4fd1c5"],
  speed: ["#1f6fd0", "#6aa7f8"],
  altitude: ["#5b7a3a", "#9cc472"],
  power: ["#b35c00", "#f2a950"],
  cadence: ["#7a5ba6", "#c0a3ee"],
  steps: ["#1f8a57", "#4fcf8e"],
  temperature: ["#c05621", "#f5a173"],
  oxygen: ["#2b6cb0", "#7db8f0"],
  weight: ["#4a5568", "#a9b4c4"],
} as const satisfies Record<string, readonly [string, string]>;

/** The colours of zones, from easy to all-out; pale enough to draw on. */
export const zoneColors = ["#8aa0b833", "#5aa9e633", "#4fbf8b33", "#f2b84b3d", "#e8565640"];
