const TOKEN = 'repartee.token';

const NOTICES = {
  idle: ['Connecting', () => ''],
  ready: ['Ready', () => ''],
  slow: ['Slow', () => 'The service takes long to answer.'],
  busy: ['Busy', () => 'The service is busy. Trying again.'],
  unready: ['Not ready', () => 'The service is not ready. Suggestions appear once it is ready.'],
  unreachable: ['Not reached', (detail) => `${sentence(detail)} Trying again.`],
  refused: ['Refused', sentence],
};

/** Shows how the service is, and asks for a token where it wants one. */
export class Connection {
  #assist;
  #view;
  #token = stored((storage) => storage.getItem(TOKEN));

  /**
   * @param {import('./repartee-assist.js').ReparteeAssist} assist
   * @param {{state, model, notice, access, token}} view the elements
   */
  constructor(assist, view) {
    this.#assist = assist;
    this.#view = view;
    this.#use();
    assist.addEventListener('repartee-state', (event) => this.#show(event.detail));
    view.access.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#token = view.token.value.trim();
      stored((storage) => storage.setItem(TOKEN, this.#token));
      view.token.value = '';
      this.#use();
    });
  }

  #use() {
    this.#assist.getToken = this.#token === null ? null : () => this.#token;
  }

  #show({ state, detail, model }) {
    const view = this.#view;
    const locked = state === 'locked';
    const [label, words] = locked ? ['Locked', () => this.#wanted()] : NOTICES[state];
    view.state.dataset.state = state === 'ready' || state === 'idle' ? state : 'waiting';
    view.state.textContent = label;
    view.model.textContent = model === null ? '' : `${model.name} ${model.version}`;
    if (state !== 'idle') {
      view.access.hidden = !locked;
    }
    // A text that stays is not announced again.
    if (view.notice.textContent !== words(detail)) {
      view.notice.textContent = words(detail);
    }
  }

  #wanted() {
    return this.#token === null
      ? 'The service asks for an access token.'
      : 'The service does not accept this token.';
  }
}

/** Where the browser stores nothing for a frame, the token is only in this page's memory. */
function stored(use) {
  try {
    return use(sessionStorage) ?? null;
  } catch {
    return null;
  }
}

function sentence(detail) {
  const text = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
