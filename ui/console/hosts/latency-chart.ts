import { css, html, LitElement, unsafeCSS } from 'lit';
import UPlot from 'uplot';
import plotStyles from 'uplot/dist/uPlot.min.css?inline';
import { HISTORY_MS, toScaleTop, toSeries, type Sample } from './latency-history.ts';

const HEIGHT = 76;

/** Draws a provider's latency. It loads with the first chart, because the chart library is larger than the view. */
export class LatencyChart extends LitElement {
  static override properties = { samples: { attribute: false } };
  static override styles = [
    unsafeCSS(plotStyles),
    css`
      /* A canvas cannot use custom properties: the script reads the colours from these properties. */
      :host {
        display: block;
        height: ${HEIGHT}px;
        overflow: hidden;
        color: var(--accent);
        background-color: var(--accent-ground);
        border: 0 solid var(--line);
        outline: 0 solid var(--quiet);
        background-clip: text;
      }
    `,
  ];
  declare samples: readonly Sample[];
  #plot: UPlot | null = null;
  readonly #darkMode = matchMedia('(prefers-color-scheme: dark)');
  readonly #resizeObserver = new ResizeObserver(() => this.#resize());

  constructor() {
    super();
    this.samples = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#darkMode.addEventListener('change', this.#recolour);
    this.#resizeObserver.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#darkMode.removeEventListener('change', this.#recolour);
    this.#resizeObserver.disconnect();
    this.#plot?.destroy();
    this.#plot = null;
  }

  protected override render() {
    return html`<div></div>`;
  }

  protected override updated(): void {
    const { times, latencies } = toSeries(this.samples);
    const data: UPlot.AlignedData = [times, latencies];
    const place = this.renderRoot.querySelector('div');
    if (this.#plot !== null) this.#plot.setData(data);
    else if (place !== null) this.#plot = new UPlot(this.#toOptions(), data, place);
  }

  #resize(): void {
    if (this.clientWidth > 0) this.#plot?.setSize({ width: this.clientWidth, height: HEIGHT });
  }

  #toTimes(): [number, number] {
    const last = (this.samples.at(-1)?.at ?? 0) / 1000;
    return [last - HISTORY_MS / 1000, last];
  }

  #toTop(): number {
    return toScaleTop(Math.max(...this.samples.map(({ latencyMs }) => latencyMs ?? 0)));
  }

  readonly #recolour = () => this.#plot?.redraw(false);

  #toOptions(): UPlot.Options {
    const paint = (property: PaintProperty) => () => getComputedStyle(this)[property];
    return {
      width: Math.max(this.clientWidth, 100),
      height: HEIGHT,
      padding: [8, 4, 8, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: () => this.#toTimes() },
        y: { range: () => [0, this.#toTop()] },
      },
      axes: [
        { show: false },
        {
          size: 52,
          gap: 6,
          font: '11px system-ui, sans-serif',
          stroke: paint('outlineColor'),
          grid: { stroke: paint('borderTopColor'), width: 1 },
          ticks: { show: false },
          splits: ({ scales }) => [0, (scales['y']?.max ?? 0) / 2, scales['y']?.max ?? 0],
          values: (_plot, splits) => splits.map((value) => `${value} ms`),
        },
      ],
      series: [
        {},
        {
          stroke: paint('color'),
          fill: paint('backgroundColor'),
          width: 1.5,
          points: { show: true, size: 3, fill: paint('color') },
        },
      ],
    };
  }
}

type PaintProperty = 'color' | 'backgroundColor' | 'borderTopColor' | 'outlineColor';

customElements.define('latency-chart', LatencyChart);
