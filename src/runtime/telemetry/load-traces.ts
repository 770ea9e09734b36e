import type { Redact } from '../../telemetry/redact.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Traces } from './traces.ts';

/** Opens traces if OpenTelemetry's variables ask for them. Otherwise OpenTelemetry is not loaded. */
export async function loadTraces(
  environment: NodeJS.ProcessEnv,
  { log, redact }: { log: Log; redact: Redact },
): Promise<Traces | null> {
  const read = (name: string) => environment[name]?.trim() ?? '';
  const endpoint =
    read('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT') || read('OTEL_EXPORTER_OTLP_ENDPOINT');
  const exporters = (read('OTEL_TRACES_EXPORTER') || 'otlp').split(',').map((name) => name.trim());
  const isDisabled = read('OTEL_SDK_DISABLED').toLowerCase() === 'true';
  if (endpoint === '' || isDisabled || !exporters.includes('otlp')) return null;
  if (!URL.canParse(endpoint) || !/^https?:$/u.test(new URL(endpoint).protocol)) {
    log.warn(
      'Traces are off: OTEL_EXPORTER_OTLP_ENDPOINT must be an http or https URL, such as http://localhost:4318',
    );
    return null;
  }
  const protocol =
    read('OTEL_EXPORTER_OTLP_TRACES_PROTOCOL') || read('OTEL_EXPORTER_OTLP_PROTOCOL');
  if (protocol !== '' && protocol !== 'http/json') {
    log.warn('Traces are sent as http/json: OTEL_EXPORTER_OTLP_PROTOCOL is ignored');
  }
  const { openTraces } = await import('./traces.ts');
  return openTraces(log, redact);
}
