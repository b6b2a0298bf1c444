/** A client of the Repartee service for agents' front ends. */

export interface Message {
  role: 'customer' | 'agent';
  text: string;
}

export interface Model {
  name: string;
  version: string;
}

/** An answer is a whole reply; a completion is to be appended to the draft as it is. */
export interface Suggestion {
  kind: 'answer' | 'completion';
  /** The answer it comes from, where there is one. */
  id: string | null;
  text: string;
  /** The estimated probability that the text is what the agent wants. */
  score: number;
}

export interface Suggestions {
  suggestions: Suggestion[];
  /** Not complete is what the service knew at once, within a word; asking again may tell more. */
  complete: boolean;
  model: Model;
  timings_ms: { waited: number; context: number; predicted: number };
}

export interface SuggestRequest {
  conversationId?: string;
  /** Who writes the reply, as the conversations that the model learned from name them. */
  agentId?: string;
  /** Oldest first, up to the reply; the latest that fit in a request are sent. */
  messages: Message[];
  /** What is typed so far. */
  draft?: string;
  /** 1 to 20. */
  limit?: number;
  operatingPoint?: 'eager' | 'calm';
  declined?: boolean;
  /**
   * Called once with what the service knows a moment later, where the first answer was not complete
   * and the draft still rests.
   */
  onMore?: (more: Suggestions) => void;
}

export interface Feedback {
  /** That of an earlier call that failed; otherwise a new one. */
  id?: string;
  conversationId: string;
  /** That of the response that held the suggestions. */
  model: Model;
  shown: Pick<Suggestion, 'kind' | 'id' | 'text'>[];
  action: 'accepted' | 'edited' | 'dismissed';
  /** An index into shown. */
  accepted?: number | null;
  /** What was sent. */
  finalText: string;
  /** How much of it was typed. */
  charactersTyped: number;
}

export interface ClientOptions {
  /** Where the service is; '.' is where the page came from. */
  url: string | URL;
  /** Sent as a bearer token. */
  token?: string | null;
  /** How long a draft must rest before it is sent; 120 without it. */
  debounceMs?: number;
  /** In place of the browser's. */
  fetch?: typeof fetch | null;
}

/** What the service refused, or that it could not be reached. */
export class ReparteeError extends Error {
  constructor(problem: {
    status: number;
    detail: string;
    field?: string | null;
    retryAfterMs?: number | null;
    cause?: unknown;
  });
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly detail: string;
  /** The field of the request that is wrong. */
  readonly field: string | null;
  /** How long the service asks to wait. */
  readonly retryAfterMs: number | null;
}

export class ReparteeClient {
  constructor(options: ClientOptions);

  /** May be changed at any time. */
  token: string | null;

  /**
   * Asks for suggestions once the draft rests. A newer call for the same conversation takes the
   * place of this one, which then rejects with the `AbortError` of fetch. Everything else that
   * fails is a {@link ReparteeError}.
   */
  suggest(request: SuggestRequest): Promise<Suggestions>;

  /** Gives up the request of a conversation, if there is one. */
  cancel(conversationId?: string): void;

  /** Tells what became of suggestions; resolves with the feedback's id. */
  feedback(given: Feedback): Promise<string>;

  /** The model that is served. */
  model(): Promise<Model & Record<string, unknown>>;

  /** Whether requests are answered. */
  readiness(): Promise<{ ready: boolean }>;
}
