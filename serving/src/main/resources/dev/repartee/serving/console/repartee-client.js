/**
 * A client of the Repartee service for agents' front ends: one ES module without dependencies.
 *
 * @module repartee-client
 */

/**
 * @typedef {{role: 'customer' | 'agent', text: string}} Message
 * @typedef {{name: string, version: string}} Model
 * @typedef {{kind: 'answer' | 'completion', id: string | null, text: string, score: number}} Suggestion
 *   An answer is a whole reply; a completion is to be appended to the draft as it is.
 * @typedef {{suggestions: Suggestion[], complete: boolean, model: Model,
 *   timings_ms: Record<string, number>}} Suggestions
 *   Not complete is what the service knew at once, within a word; asking again may tell more.
 */

const DEFAULT_DEBOUNCE_MS = 120;

/** What a request may hold, as the service's description says. */
const MOST_MESSAGES = 500;
const MOST_BYTES = 256 * 1024;

/** When, and how often, to ask again for what was not complete: the model has thought by then. */
const MORE_AFTER_MS = 80;
const MOST_MORE = 3;

/** A service that asks for a longer pause than this is reported at once. */
const LONGEST_PAUSE_MS = 30_000;
const PAUSE_BEFORE_RESENDING_MS = 1000;

/** What the service refused, or that it could not be reached. */
export class ReparteeError extends Error {
  /**
   * @param {object} problem
   * @param {number} problem.status the HTTP status; 0 when there was no answer
   * @param {string} problem.detail what is wrong, in words
   * @param {string | null} [problem.field] the field of the request that is wrong
   * @param {number | null} [problem.retryAfterMs] how long the service asks to wait
   * @param {unknown} [problem.cause]
   */
  constructor({ status, detail, field = null, retryAfterMs = null, cause }) {
    super(detail, { cause });
    this.name = 'ReparteeError';
    this.status = status;
    this.detail = detail;
    this.field = field;
    this.retryAfterMs = retryAfterMs;
  }
}

export class ReparteeClient {
  #url;
  #debounceMs;
  #fetch;
  /** The newest request of each conversation. */
  #newest = new Map();

  /**
   * @param {object} options
   * @param {string | URL} options.url where the service is; '.' is where the page came from
   * @param {string | null} [options.token] sent as a bearer token
   * @param {number} [options.debounceMs] how long a draft must rest before it is sent
   * @param {typeof fetch} [options.fetch] in place of the browser's
   */
  constructor({ url, token = null, debounceMs = DEFAULT_DEBOUNCE_MS, fetch = null }) {
    const base = new URL(url, globalThis.location?.href);
    this.#url = base.pathname.endsWith('/') ? base : new URL(`${base.pathname}/`, base);
    this.#debounceMs = debounceMs;
    // Called through an arrow: the browser's fetch refuses to be a method of anything else.
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
    /** @type {string | null} may be changed at any time */
    this.token = token;
  }

  /**
   * Asks for suggestions once the draft rests. A newer call for the same conversation takes the
   * place of this one, which then rejects with the `AbortError` of fetch.
   *
   * @param {object} request
   * @param {string} [request.conversationId]
   * @param {string} [request.agentId] who writes the reply, as the model's conversations name them
   * @param {Message[]} request.messages oldest first, up to the reply; the latest that fit in a
   *   request are sent
   * @param {string} [request.draft] what is typed so far
   * @param {number} [request.limit]
   * @param {'eager' | 'calm'} [request.operatingPoint]
   * @param {boolean} [request.declined] whether the agent declined the offer that stood, as by Esc
   * @param {(more: Suggestions) => void} [request.onMore] called with what the service knows a
   *   moment later, up to three times, where the first answer was not complete and the draft still rests
   * @returns {Promise<Suggestions>}
   * @throws {ReparteeError}
   */
  async suggest({
    conversationId,
    agentId,
    messages,
    draft = '',
    limit,
    operatingPoint,
    declined,
    onMore,
  }) {
    this.cancel(conversationId);
    const own = new AbortController();
    this.#newest.set(conversationId, own);
    const body = {
      conversation_id: conversationId,
      agent_id: agentId,
      messages: [],
      draft,
      limit,
      operating_point: operatingPoint,
      declined,
    };
    body.messages = latest(messages, MOST_BYTES - bytes(body));
    const ask = () => this.#request('v1/suggestions', { body, signal: own.signal });
    let more = false;
    try {
      await pause(this.#debounceMs, own.signal);
      const told = await ask();
      more = onMore !== undefined && told.complete === false;
      if (more) {
        this.#askForMore(conversationId, own, ask, onMore);
      }
      return told;
    } finally {
      if (!more) {
        this.#forget(conversationId, own);
      }
    }
  }

  async #askForMore(conversationId, own, ask, onMore) {
    try {
      let told = { complete: false };
      for (let i = 0; i < MOST_MORE && !told.complete; i++) {
        await pause(MORE_AFTER_MS, own.signal);
        told = await ask();
        onMore(told);
      }
    } catch {
      // What was told before is right, if not all there is.
    } finally {
      this.#forget(conversationId, own);
    }
  }

  #forget(conversationId, own) {
    if (this.#newest.get(conversationId) === own) {
      this.#newest.delete(conversationId);
    }
  }

  /** Gives up the request of a conversation, if there is one. */
  cancel(conversationId) {
    this.#newest.get(conversationId)?.abort();
    this.#newest.delete(conversationId);
  }

  /**
   * Tells what became of suggestions. It is sent again once where it may have been lost, under the
   * same id, so that the service can drop the second.
   *
   * @param {object} given
   * @param {string} [given.id] that of an earlier call that failed; otherwise a new one
   * @param {string} given.conversationId
   * @param {Model} given.model that of the response that held the suggestions
   * @param {Pick<Suggestion, 'kind' | 'id' | 'text'>[]} given.shown
   * @param {'accepted' | 'edited' | 'dismissed'} given.action
   * @param {number | null} [given.accepted] an index into shown
   * @param {string} given.finalText what was sent
   * @param {number} given.charactersTyped how much of it was typed
   * @returns {Promise<string>} the id
   * @throws {ReparteeError}
   */
  async feedback(given) {
    const id = given.id ?? randomId();
    const body = {
      id,
      conversation_id: given.conversationId,
      model: given.model,
      shown: given.shown.map(({ kind, id: answer, text }) => ({ kind, id: answer, text })),
      action: given.action,
      accepted: given.accepted ?? null,
      final_text: given.finalText,
      characters_typed: given.charactersTyped,
    };
    // A page that is being left may still send it.
    const send = () => this.#request('v1/feedback', { body, keepalive: true });
    try {
      await send();
    } catch (error) {
      if (!mayBeLost(error)) {
        throw error;
      }
      await pause(PAUSE_BEFORE_RESENDING_MS);
      await send();
    }
    return id;
  }

  /**
   * The model that is served.
   *
   * @returns {Promise<Model & Record<string, unknown>>}
   */
  model() {
    return this.#request('v1/model', {});
  }

  /**
   * Whether requests are answered.
   *
   * @returns {Promise<{ready: boolean}>}
   */
  async readiness() {
    const response = await this.#send('health/ready', {});
    if (response.status !== 200 && response.status !== 503) {
      throw await refusal(response);
    }
    return read(response);
  }

  /** Asks again once when the service says when. */
  async #request(path, options) {
    let response = await this.#send(path, options);
    const wait = retryAfterMs(response);
    if (wait !== null && wait <= LONGEST_PAUSE_MS) {
      await pause(wait, options.signal);
      response = await this.#send(path, options);
    }
    if (!response.ok) {
      throw await refusal(response);
    }
    return read(response);
  }

  async #send(path, { body, signal, keepalive }) {
    const headers = { Accept: 'application/json' };
    if (this.token) {
      headers.Authorization = `Bearer ${this.token}`;
    }
    const request = { method: 'GET', headers, signal, keepalive };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      request.method = 'POST';
      request.body = JSON.stringify(body);
    }
    try {
      return await this.#fetch(new URL(path, this.#url), request);
    } catch (error) {
      throw unlessAborted(error, { status: 0, detail: 'the service cannot be reached' });
    }
  }
}

/** The latest messages that take at most so many bytes, with a comma behind each. */
function latest(messages, most) {
  let left = most;
  let first = messages.length;
  while (first > 0 && messages.length - first < MOST_MESSAGES) {
    left -= bytes(messages[first - 1]) + 1;
    if (left < 0) {
      break;
    }
    first -= 1;
  }
  return messages.slice(first);
}

/** The length in a request's body. */
function bytes(value) {
  return new TextEncoder().encode(JSON.stringify(value)).length;
}

async function read(response) {
  try {
    const text = await response.text();
    return text === '' ? null : JSON.parse(text);
  } catch (error) {
    throw unlessAborted(error, { status: response.status, detail: 'the answer is no valid JSON' });
  }
}

/** An answer that is no problem JSON, such as a proxy's page, is told by its status alone. */
async function refusal(response) {
  const problem = await read(response).catch((error) => {
    if (error instanceof ReparteeError) {
      return null;
    }
    throw error;
  });
  return new ReparteeError({
    status: response.status,
    detail: problem?.detail ?? `the service answered with status ${response.status}`,
    field: problem?.field ?? null,
    retryAfterMs: retryAfterMs(response),
  });
}

function unlessAborted(error, problem) {
  return error?.name === 'AbortError' ? error : new ReparteeError({ ...problem, cause: error });
}

/** What came with a Retry-After has been sent twice already. */
function mayBeLost(error) {
  return (
    error instanceof ReparteeError &&
    error.retryAfterMs === null &&
    (error.status === 0 || error.status >= 500)
  );
}

/** The pause that a busy service asks for, given in seconds or as a date; null without one. */
function retryAfterMs(response) {
  const given = response.headers.get('Retry-After');
  if ((response.status !== 429 && response.status !== 503) || given === null) {
    return null;
  }
  const wait = /^\d+$/.test(given.trim()) ? Number(given) * 1000 : Date.parse(given) - Date.now();
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

/** A random UUID also where the page came over plain HTTP, which has no crypto.randomUUID. */
function randomId() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
