const MAX_LAG = /^(?:\w+_)?nodejs_eventloop_lag_max_seconds(?:\{[^}]*\})? (\S+)$/mu;

/** The longest delay of an event loop by the text of `/metrics`, in milliseconds; null where it does not tell. */
export function readLoopDelay(metrics: string): number | null {
  const ms = Number(MAX_LAG.exec(metrics)?.[1] ?? Number.NaN) * 1000;
  return Number.isFinite(ms) ? ms : null;
}
