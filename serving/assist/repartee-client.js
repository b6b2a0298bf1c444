/**
 * The HTTP half of the assistant, for pages that draw their own: one ES module without dependencies.
 * When to ask, and which answer is out of date, is the caller's business.
 *
 * @module repartee-client
 */

/** What a request may hold, as the service's description says. */
const MOST_MESSAGES = 500;
const MOST_CHARACTERS = 8000;
const MOST_BYTES = 256 * 1024;

/** Browsers refuse to keep more alive, for all requests of a page together. */
const MOST_KEPT_ALIVE = 60_000;

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
  #fetch;
  #ownFetch;
  #token = null;
  #getToken;

  /**
   * @param {object} options
   * @param {string | URL} options.url where the service is; '.' is where the page came from
   * @param {((refused: string | null) => string | null | Promise<string | null>) | null} [options.getToken]
   *   asked once for a bearer token, and once more when the service refused the one that it got
   * @param {typeof fetch | null} [options.fetch] in place of the browser's
   */
  constructor({ url, getToken = null, fetch = null }) {
    const base = new URL(url, globalThis.location?.href);
    this.#url = base.pathname.endsWith('/') ? base : new URL(`${base.pathname}/`, base);
    this.#getToken = getToken;
    this.#ownFetch = fetch !== null;
    // Called through an arrow: the browser's fetch refuses to be a method of anything else.
    this.#fetch = fetch ?? ((...request) => globalThis.fetch(...request));
  }

  /** Suggestions for a conversation and a draft; types and bounds: repartee-client.d.ts. */
  suggest(request, { signal } = {}) {
    const body = {
      ...desk(request),
      messages: [],
      draft: request.draft ?? '',
      limit: request.limit,
      operating_point: request.operatingPoint,
      answers: request.answers,
      declined: request.declined,
    };
    return this.#list('suggestions', 'v1/suggestions', { body: fill(body, request.messages), signal });
  }

  /** Answers of the library by their words. */
  answers(request, { signal } = {}) {
    const body = { q: request.q ?? '', limit: request.limit, ...desk(request), messages: [] };
    return this.#list('answers', 'v1/answers', { body: fill(body, request.messages), signal });
  }

  /** What of a draft must not be said, or looks like personal data of another conversation. */
  check(request, { signal } = {}) {
    const body = { draft: request.draft, ...desk(request), messages: [] };
    return this.#list('findings', 'v1/check', { body: fill(body, request.messages), signal });
  }

  /**
   * Says what became of suggestions. It is sent again once where it may have been lost, under the
   * same id, so that the service can drop the second. Resolves with the id.
   */
  async feedback(given) {
    const id = given.id ?? randomId();
    const body = {
      id,
      conversation_id: given.conversationId,
      agent_id: given.agentId,
      model: given.model,
      library: given.library ?? undefined,
      shown: given.shown.map(({ kind, id: answer, text }) => ({ kind, id: answer, text })),
      action: given.action,
      accepted: given.accepted ?? null,
      final_text: given.finalText,
      characters_typed: given.charactersTyped,
      events: given.events,
    };
    // A page that is being left may still send it.
    const send = () => this.#request('v1/feedback', { body, keepalive: true });
    try {
      await send();
    } catch (error) {
      if (!mayBeLost(error)) {
        throw error;
      }
      await pause(error.retryAfterMs ?? PAUSE_BEFORE_RESENDING_MS);
      await send();
    }
    return id;
  }

  /** The model that is served. */
  model() {
    return this.#request('v1/model', {});
  }

  /** Whether requests are answered. */
  async readiness() {
    const response = await this.#send('health/ready', {});
    if (response.status !== 200 && response.status !== 503) {
      throw await refusal(response);
    }
    return read(response);
  }

  /** A response whose list has the texts that the caller counts on. */
  async #list(name, path, options) {
    const response = await this.#request(path, options);
    const isOne = name === 'findings' ? ({ start, end }) => start >= 0 && end > start : ({ text }) => typeof text === 'string';
    if (!Array.isArray(response?.[name]) || !response[name].every((one) => one !== null && isOne(one))) {
      throw new ReparteeError({ status: 200, detail: `the answer of ${this.#url} has no ${name}` });
    }
    return response;
  }

  async #request(path, options) {
    const tried = await this.#renewed(null);
    let response = await this.#send(path, options);
    if (response.status === 401 && this.#getToken !== null) {
      await this.#renewed(tried);
      response = await this.#send(path, options);
    }
    if (!response.ok) {
      throw await refusal(response);
    }
    return read(response);
  }

  /** The token in use; a new one where there is none yet, or where the one in use was refused. */
  async #renewed(refused) {
    if (this.#getToken !== null && (this.#token === null || this.#token === refused)) {
      try {
        this.#token = (await this.#getToken(refused)) ?? null;
      } catch (error) {
        throw new ReparteeError({ status: 0, detail: 'the page got no token', cause: error });
      }
    }
    return this.#token;
  }

  async #send(path, { body, signal, keepalive }) {
    const headers = { Accept: 'application/json' };
    if (this.#token) {
      headers.Authorization = `Bearer ${this.#token}`;
    }
    if (body?.conversation_id) {
      headers['Repartee-Conversation'] = hash(body.conversation_id);
    }
    const request = { method: 'GET', headers, signal };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
      request.method = 'POST';
      request.body = JSON.stringify(body);
      request.keepalive = keepalive && bytes(body) <= MOST_KEPT_ALIVE;
    }
    try {
      return await this.#fetch(new URL(path, this.#url), request);
    } catch (error) {
      throw unlessAborted(error, { status: 0, detail: this.#unreachable });
    }
  }

  /** Browsers do not tell scripts whether a service is down or refuses the page's origin (CORS). */
  get #unreachable() {
    const { origin } = globalThis.location ?? {};
    return this.#ownFetch || !origin || origin === this.#url.origin
      ? 'the service cannot be reached'
      : `${this.#url} cannot be reached, or does not allow pages of ${origin}: serve --cors-origin ${origin}`;
  }
}

/**
 * 32-bit FNV-1a of the UTF-8 bytes, as 8 hexadecimal digits: load balancers log headers, and an id may be
 * personal. `crypto.subtle` is missing on pages from plain HTTP.
 */
function hash(text) {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193);
  }
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** What a desk knows besides the text. JSON leaves out what is undefined. */
function desk({ conversationId, agentId, queue, language, metadata }) {
  return {
    conversation_id: conversationId,
    agent_id: agentId,
    queue,
    language,
    metadata,
  };
}

/** The body with the latest messages that fit. */
function fill(body, messages = []) {
  return { ...body, messages: latest(messages, MOST_BYTES - bytes(body)) };
}

/** The latest messages that take at most so many bytes, with a comma behind each; of a longer text its end, which is what the engine reads. */
function latest(all, most) {
  const messages = all.slice(-MOST_MESSAGES).map((message) =>
    message.text?.length > MOST_CHARACTERS
      ? { ...message, text: message.text.slice(-MOST_CHARACTERS).replace(/^[\udc00-\udfff]/, '') }
      : message,
  );
  let left = most;
  let first = messages.length;
  while (first > 0) {
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
  let text;
  try {
    text = await response.text();
  } catch (error) {
    throw unlessAborted(error, { status: 0, detail: 'the connection was interrupted' });
  }
  try {
    return text === '' ? null : JSON.parse(text);
  } catch (error) {
    throw unlessAborted(error, { status: response.status, detail: 'the answer is not valid JSON' });
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

/** Whether sending again helps: it was not stored, or not known to be. */
function mayBeLost(error) {
  return (
    error instanceof ReparteeError &&
    (error.status === 0 || error.status === 429 || error.status >= 500) &&
    (error.retryAfterMs ?? 0) <= LONGEST_PAUSE_MS
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

/** Resolves after a while, or rejects with the signal's reason. */
export function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        reject(signal.reason);
      },
      { once: true },
    );
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
