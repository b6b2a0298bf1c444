/** The HTTP half of the assistant, for pages that draw their own. */

export interface Message {
  role: 'customer' | 'agent';
  text: string;
}

export interface Model {
  name: string;
  version: string;
}

/** What a desk knows besides the draft. */
export interface Desk {
  /** The front end's own name for the conversation. */
  conversationId?: string;
  /** Who writes the reply, as the conversations that the model learned from name them. */
  agentId?: string;
  queue?: string;
  /** BCP 47, such as `de-AT`. */
  language?: string;
  /** What placeholders are filled from: `customer_name`, `agent_name`, `order_number`, `ticket_number` and own keys. */
  metadata?: Record<string, string>;
  /** Oldest first, up to the reply; the latest that fit in a request are sent. */
  messages?: Message[];
}

/** An answer is a whole reply; a completion is to be appended to the draft as it is. */
export interface Suggestion {
  kind: 'answer' | 'completion';
  /** The answer it comes from, where there is one. */
  id: string | null;
  text: string;
  /** The text with its placeholders; older services do not say it. */
  template?: string;
  /** The estimated probability that the text is what the agent wants. */
  score: number;
}

/** Why nothing is suggested. */
export type Nothing = 'unknown' | 'not_worth_reading' | 'forbidden' | 'other_queue' | 'pending' | 'off';

export interface Suggestions {
  suggestions: Suggestion[];
  /** Why there are none; null where there are. Older services do not say it. */
  nothing?: Nothing | null;
  /** Not complete is what the service knew by its deadline. */
  complete: boolean;
  model: Model;
  /** The answer library in use, where there is one; older services do not say it. */
  library?: Model | null;
  /** What decided what is shown; older services do not say it. */
  operating_point?: 'eager' | 'calm';
  /** Of this response; older services do not say it. */
  suggestions_id?: string;
  timings_ms: { waited: number; context: number; predicted: number };
}

export interface SuggestRequest extends Desk {
  /** What is typed so far, at most 4,000 characters. */
  draft?: string;
  /** 1 to 20. */
  limit?: number;
  operatingPoint?: 'eager' | 'calm';
  /** Which whole replies come: those that are worth their reading, always those at least 2% probable, or none. Older services refuse it. */
  answers?: 'worth' | 'always' | 'never';
  /** Whether the agent declined the offer that stood, as by Esc. */
  declined?: boolean;
}

export interface AnswersRequest extends Desk {
  /** Words of the answer, or how they begin; at most 200 characters. */
  q?: string;
  /** 1 to 50. */
  limit?: number;
}

export interface FoundAnswer {
  id: string;
  title: string | null;
  /** Filled as far as possible. */
  text: string;
  template: string;
  folder: string | null;
  queue: string | null;
  language: string | null;
  /** The placeholders that are left in the text. */
  unfilled: string[];
}

export interface Answers {
  answers: FoundAnswer[];
  library: Model | null;
}

/** `messages` and `metadata` tell which personal data is this customer's. */
export interface CheckRequest extends Desk {
  draft: string;
}

/** A passage of the draft, from `start` to before `end`, as JavaScript counts characters. */
export interface Finding {
  /** A phrase that the library says never to use, or what looks like personal data of another conversation. */
  kind: 'never' | 'personal';
  start: number;
  end: number;
  /** The kind of personal data, such as `email`. */
  what?: string | null;
}

/** Something that happened on the way to a reply. A span of typing is one action. */
export interface ReplyAction {
  action: 'displayed' | 'typed' | 'chosen' | 'completed' | 'searched' | 'pasted' | 'edited' | 'sent';
  /** Since the reply began, with the customer's message or the reply before. */
  at_ms: number;
  /** How long it took; of a display, how long it stood. */
  for_ms?: number;
  characters?: number;
  removed?: number;
  kind?: 'answer' | 'completion';
  id?: string;
  /** The suggestion's score. */
  p?: number;
  /** The response's `operating_point`. */
  policy?: string;
  typed_through?: boolean;
}

/** How a reply came about: at most 200 actions and 32 KiB, in the order of time, and no text. */
export interface ReplyEvents {
  suggestions_id?: string;
  queue?: string;
  /** Displays that did not fit. */
  dropped?: number;
  actions: ReplyAction[];
}

export interface Feedback {
  /** That of an earlier call that failed; otherwise a new one. */
  id?: string;
  conversationId: string;
  agentId?: string;
  /** That of the response that held the suggestions. */
  model: Model;
  library?: Model | null;
  shown: Pick<Suggestion, 'kind' | 'id' | 'text'>[];
  action: 'accepted' | 'edited' | 'dismissed';
  /** An index into shown. */
  accepted?: number | null;
  /** What was sent. */
  finalText: string;
  /** How much of it was typed. */
  charactersTyped: number;
  events?: ReplyEvents;
}

export interface ClientOptions {
  /** Where the service is; '.' is where the page came from. */
  url: string | URL;
  /**
   * Asked for a bearer token when the first request is made, and once more, with the token that was
   * refused, after a 401. The request is then sent again, once.
   */
  getToken?: ((refused: string | null) => string | null | Promise<string | null>) | null;
  /** In place of the browser's. */
  fetch?: typeof fetch | null;
}

/** What the service refused, or that it could not be reached, or answered what it should not. */
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

/**
 * Every call makes one request, and rejects with a {@link ReparteeError}, or with the `AbortError`
 * of its signal. When to ask, and which answer is out of date, is the caller's business.
 */
export class ReparteeClient {
  constructor(options: ClientOptions);

  suggest(request: SuggestRequest, options?: { signal?: AbortSignal }): Promise<Suggestions>;

  /** Answers of the library by their words; none where the service follows no library. */
  answers(request: AnswersRequest, options?: { signal?: AbortSignal }): Promise<Answers>;

  /** What of a draft should not be sent; older services answer 404. */
  check(request: CheckRequest, options?: { signal?: AbortSignal }): Promise<{ findings: Finding[] }>;

  /** Says what became of suggestions; sent twice under one id where it may have been lost. Resolves with that id. */
  feedback(given: Feedback): Promise<string>;

  /** The model that is served. */
  model(): Promise<Model & Record<string, unknown>>;

  /** Whether requests are answered. */
  readiness(): Promise<{ ready: boolean }>;
}

/** Resolves after a while, or rejects with the signal's reason. */
export function pause(ms: number, signal?: AbortSignal): Promise<void>;
