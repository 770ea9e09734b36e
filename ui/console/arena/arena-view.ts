// arena/ is the view that compares several models and marks the fastest. completion/ requests and renders the
// answers.

import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Roles } from '../../fleet/answers.ts';
import { read, type Gateway } from '../../fleet/gateway.ts';
import { FleetController } from '../../fleet/fleet-controller.ts';
import type { FleetFeed } from '../../fleet/fleet-feed.ts';
import type { Repetition } from '../completion/exchange-view.ts';
import { icons } from '../completion/icons.ts';
import { ParameterFields } from '../completion/parameter-fields.ts';
import { countSet, type Parameters } from '../completion/parameters.ts';
import { PromptBox, type Prompt } from '../completion/prompt-box.ts';
import { stopOnEscape } from '../completion/stop-on-escape.ts';
import { findTarget, type Target } from '../completion/target.ts';
import { controls } from '../controls.ts';
import { updateOnChange } from '../update-on-change.ts';
import { ArenaColumn } from './arena-column.ts';
import { shareArenaSession, type Contender } from './arena-session.ts';
import { arenaStyles } from './arena-styles.ts';
import { MAX_CONTENDERS, pickAnother, pickContenders } from './pick-contenders.ts';
import { pickLeaders, type Leaders } from './pick-leaders.ts';
import { findSharedHosts } from './find-shared-hosts.ts';

/** Sends the same question to several models and shows their answers side by side. */
export class ArenaView extends LitElement {
  static override properties = { feed: { attribute: false }, hasParameters: { state: true } };
  static override styles = [controls, arenaStyles];
  /** The custom elements that the template uses. */
  static readonly parts = [ArenaColumn, ParameterFields, PromptBox];
  declare feed: FleetFeed | null;
  declare hasParameters: boolean;
  readonly #fleet = new FleetController(this);
  readonly #session = shareArenaSession();
  #isChoosing = false;

  constructor() {
    super();
    this.feed = null;
    this.hasParameters = false;
    updateOnChange(this, this.#session);
    stopOnEscape(this, () => this.#session.stop());
  }

  protected override willUpdate(): void {
    this.#fleet.follow(this.feed);
    void this.#chooseContenders();
  }

  protected override firstUpdated(): void {
    this.#promptBox?.focus();
  }

  protected override render() {
    const { contenders } = this.#session;
    return html`
      ${this.#renderBar()}
      ${this.#isEmpty ? html`<p class="empty">No models are available.</p>` : nothing}
      <div class="columns">${repeat(contenders, ({ id }) => id, this.#renderColumn)}</div>
      <div class="bottom">${this.#renderPrompt()}</div>
    `;
  }

  #renderBar() {
    const { contenders, parameters } = this.#session;
    const count = countSet(parameters);
    const hasSpoken = contenders.some(({ dialogue }) => dialogue.exchanges.length > 0);
    return html`
      <div class="bar">
        <h1>Arena</h1>
        ${
          hasSpoken
            ? html`<button class="quiet" @click=${() => this.#session.clear()}>Start over</button>`
            : nothing
        }
        <button
          class="quiet"
          aria-label="Parameters"
          aria-expanded=${this.hasParameters}
          @click=${() => (this.hasParameters = !this.hasParameters)}
        >
          ${icons.settings}<span>Parameters${count === 0 ? '' : ` (${count})`}</span>
        </button>
        <button ?disabled=${this.#another === null} @click=${this.#add}>
          ${icons.add} Add model
        </button>
      </div>
      ${
        this.hasParameters
          ? html`<parameter-fields
              .value=${parameters}
              @change=${({ detail }: CustomEvent<Parameters>) => (this.#session.parameters = detail)}
            ></parameter-fields>`
          : nothing
      }
    `;
  }

  readonly #renderColumn = (contender: Contender, index: number) => {
    const { dialogue, model } = contender;
    const { contenders } = this.#session;
    return html`<arena-column
      .feed=${this.feed}
      .model=${model}
      .exchanges=${dialogue.exchanges}
      .isBusy=${dialogue.isBusy}
      .canRemove=${contenders.length > 2}
      .busyWith=${this.#findBusyWith(contender)}
      .badges=${toBadges(pickLeaders(contenders.map((it) => it.dialogue.answer)), index)}
      @choose=${({ detail }: CustomEvent<string>) => this.#session.change(contender, detail)}
      @remove=${() => this.#session.remove(contender)}
      @stop=${() => dialogue.stop()}
      @repeat=${({ detail }: CustomEvent<Repetition>) => this.#ask(contender, detail)}
    ></arena-column>`;
  };

  #renderPrompt() {
    const { contenders } = this.#session;
    const targets = contenders.map((it) => this.#toTarget(it));
    const shared = findSharedHosts(targets);
    return html`
      ${
        shared.length === 0
          ? nothing
          : html`<p class="shared">
              ${shared.join(' and ')} may have to load ${shared.length > 1 ? 'their' : 'its'} models
              one after the other.
            </p>`
      }
      <prompt-box
        .placeholder=${`Message to ${contenders.length === 2 ? 'both' : `all ${contenders.length}`} models`}
        .isBusy=${contenders.some(({ dialogue }) => dialogue.isBusy)}
        .isBlocked=${contenders.length === 0}
        .acceptsImages=${targets.some(acceptsImages)}
        @send=${({ detail }: CustomEvent<Prompt>) => this.#askAll(detail)}
        @stop=${() => this.#session.stop()}
      ></prompt-box>
    `;
  }

  get #promptBox(): PromptBox | null {
    return this.renderRoot.querySelector('prompt-box');
  }

  /** Whether the catalog has loaded and has no models for the arena. */
  get #isEmpty(): boolean {
    const { catalog } = this.#fleet.state;
    return catalog !== null && pickContenders(catalog, []).length === 0;
  }

  /** A model that could be added, or null. */
  get #another(): string | null {
    const { catalog } = this.#fleet.state;
    const taken = this.#session.contenders.map(({ model }) => model);
    if (catalog === null || taken.length >= MAX_CONTENDERS) return null;
    return pickAnother(catalog, taken);
  }

  #add(): void {
    const another = this.#another;
    if (another !== null) this.#session.add(another);
  }

  #toTarget({ model }: Contender): Target {
    return findTarget(this.#fleet.state.catalog, model);
  }

  /** Returns the name of another model that streams an answer from a column's provider, or null. */
  #findBusyWith(contender: Contender): string | null {
    const { provider, model } = this.#toTarget(contender);
    const others = this.#session.contenders.map(({ dialogue }) => dialogue.answer);
    const other = others.find(
      (answer) =>
        answer?.state === 'streaming' &&
        answer.respondent.provider === provider &&
        answer.respondent.id !== `${provider}/${model}`,
    );
    return other?.respondent.name ?? null;
  }

  #askAll(prompt: Prompt): void {
    for (const contender of this.#session.contenders) this.#ask(contender, prompt);
  }

  #ask(contender: Contender, { id, text, images }: Prompt & Partial<Repetition>): void {
    if (this.feed === null) return;
    const target = this.#toTarget(contender);
    contender.dialogue.ask({
      gateway: this.feed.gateway,
      target,
      parameters: this.#session.parameters,
      text,
      images: acceptsImages(target) ? images : [],
      ...(id !== undefined && { replaces: id }),
    });
  }

  /** Starts with the models of the arena role, once the catalog has loaded. */
  async #chooseContenders(): Promise<void> {
    const { catalog } = this.#fleet.state;
    if (this.#isChoosing || catalog === null || this.feed === null) return;
    if (this.#session.contenders.length > 0) return;
    this.#isChoosing = true;
    const models = pickContenders(catalog, await readRole(this.feed.gateway));
    if (this.#session.contenders.length === 0) for (const id of models) this.#session.add(id);
    this.#isChoosing = false;
  }
}

/** Returns the IDs of the arena role's models; none if the request fails. */
async function readRole(gateway: Gateway): Promise<string[]> {
  try {
    const { roles } = await read<{ roles: Roles }>(gateway, { path: '/api/roles' });
    return roles.arena.map(({ id }) => id);
  } catch {
    return [];
  }
}

function acceptsImages({ hasVision, editsImages }: Target): boolean {
  return hasVision || editsImages;
}

function toBadges({ first, fastest }: Leaders, index: number): string[] {
  return [
    ...(first === index ? ['first to answer'] : []),
    ...(fastest === index ? ['fastest'] : []),
  ];
}

customElements.define('arena-view', ArenaView);
