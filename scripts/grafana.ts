/** The Grafana dashboard, deploy/monitoring/dashboard.json: rows of panels from a short list. */

type Unit = "short" | "s" | "percentunit" | "bytes" | "ops";

interface Panel {
  readonly title: string;
  readonly unit: Unit;
  /** The legend of a series, and its query. */
  readonly series: Readonly<Record<string, string>>;
}

const perDestination = "{{kind}} {{destination_id}}";

const rows: Readonly<Record<string, readonly Panel[]>> = {
  Delivery: [
    {
      title: "Oldest pending delivery",
      unit: "s",
      series: {
        [perDestination]: "max by (destination_id, kind) (systole_delivery_oldest_pending_seconds)",
      },
    },
    {
      title: "Pending deliveries",
      unit: "short",
      series: { [perDestination]: "max by (destination_id, kind) (systole_deliveries_pending)" },
    },
    {
      title: "Attempts by outcome",
      unit: "ops",
      series: {
        "{{outcome}} {{code}}": "sum by (outcome, code) (rate(systole_delivery_attempts_total[5m]))",
      },
    },
    {
      title: "Duration of an attempt, p95",
      unit: "s",
      series: {
        "{{kind}}":
          "histogram_quantile(0.95, sum by (kind, le) (rate(systole_delivery_attempt_seconds_bucket[5m])))",
      },
    },
    {
      title: "Time since the last success of a failing destination",
      unit: "s",
      series: { [perDestination]: "max by (destination_id, kind) (systole_destination_failing_seconds)" },
    },
    {
      title: "Paused destinations",
      unit: "short",
      series: { paused: "count(max by (destination_id) (systole_destination_paused) > 0) or vector(0)" },
    },
  ],
  Providers: [
    {
      title: "Calls by outcome",
      unit: "ops",
      series: {
        "{{provider}} {{outcome}}": "sum by (provider, outcome) (rate(systole_provider_calls_total[5m]))",
      },
    },
    {
      title: "Calls that wait for limits",
      unit: "short",
      series: { "{{provider}} {{rank}}": "max by (provider, rank) (systole_provider_calls_waiting)" },
    },
    {
      title: "Used part of each window",
      unit: "percentunit",
      series: {
        "{{provider}} {{window}}":
          "max by (provider, window) (systole_provider_window_used / systole_provider_window_limit)",
      },
    },
    {
      title: "People, and people who fit",
      unit: "short",
      series: {
        "{{provider}} connected": "max by (provider) (systole_provider_users)",
        "{{provider}} fit": "max by (provider) (systole_provider_users_that_fit)",
      },
    },
    {
      title: "Refused notifications",
      unit: "ops",
      series: {
        "{{provider}} {{code}}": "sum by (provider, code) (rate(systole_notifications_refused_total[5m]))",
      },
    },
    {
      title: "Bodies that cannot be read, silent webhooks, gaps, in an hour",
      unit: "short",
      series: {
        "{{provider}} bodies": "sum by (provider) (increase(systole_provider_bodies_refused_total[1h]))",
        "{{provider}} silences": "sum by (provider) (increase(systole_webhook_silences_total[1h]))",
        "{{provider}} gaps": "sum by (provider) (increase(systole_sync_gaps_total[1h]))",
      },
    },
    {
      title: "Silent connections",
      unit: "short",
      series: { "{{provider}}": "max by (provider) (systole_silent_connections)" },
    },
    {
      title: "Unknown and unreadable fields, in an hour",
      unit: "short",
      series: {
        "{{provider}} unknown": "sum by (provider) (increase(systole_unknown_leaves_total[1h]))",
        "{{provider}} unreadable": "sum by (provider) (increase(systole_unreadable_leaves_total[1h]))",
      },
    },
  ],
  Processes: [
    {
      title: "Processor",
      unit: "percentunit",
      series: { "{{instance}}": 'rate(process_cpu_seconds_total{job=~".*systole.*"}[5m])' },
    },
    {
      title: "Memory",
      unit: "bytes",
      series: { "{{instance}}": 'process_resident_memory_bytes{job=~".*systole.*"}' },
    },
    {
      title: "Event loop lag, p99",
      unit: "s",
      series: { "{{instance}}": 'nodejs_eventloop_lag_p99_seconds{job=~".*systole.*"} - 0.1' },
    },
  ],
};

const datasource = { type: "prometheus", uid: "$" + "{datasource}" };
const [columns, width, height] = [3, 8, 8];

function panels(): object[] {
  let y = 0;
  return Object.entries(rows).flatMap(([title, list]) => {
    const row = {
      type: "row",
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: columns * width, h: 1 },
      panels: [],
    };
    const drawn = list.map((panel, index) => ({
      ...asTimeSeries(panel),
      gridPos: {
        x: (index % columns) * width,
        y: y + 1 + Math.floor(index / columns) * height,
        w: width,
        h: height,
      },
    }));
    y += 1 + Math.ceil(list.length / columns) * height;
    return [row, ...drawn];
  });
}

const asTimeSeries = ({ title, unit, series }: Panel): object => ({
  type: "timeseries",
  title,
  datasource,
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  options: { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi" } },
  targets: Object.entries(series).map(([legendFormat, expr], index) => ({
    refId: String.fromCharCode("A".charCodeAt(0) + index),
    datasource,
    expr,
    legendFormat,
  })),
});

export const dashboard = (): object => ({
  uid: "systole",
  title: "Systole",
  tags: ["systole"],
  timezone: "browser",
  schemaVersion: 41,
  refresh: "1m",
  time: { from: "now-6h", to: "now" },
  templating: {
    list: [{ name: "datasource", type: "datasource", query: "prometheus", label: "Prometheus" }],
  },
  panels: panels().map((panel, index) => ({ id: index + 1, ...panel })),
});
