import type { DemoModel } from './demo-model.ts';
import type { RequestBody } from './request-body.ts';

/** A request at a route of the model server. */
export interface ServerCall {
  /** Who answers, for the text of the reply. */
  host: string;
  model: DemoModel;
  body: RequestBody;
  /** The text of the model's reply. */
  say(about: { prompt: string; toolResult?: string }): string;
  /**
   * Takes as long as the model takes for so many tokens; rejects once the client has left or the
   * model has been stopped.
   */
  work(tokens: number): Promise<void>;
}

/** Answers at one path of the model server. */
export type ServerRoute = (call: ServerCall) => Response | Promise<Response>;
