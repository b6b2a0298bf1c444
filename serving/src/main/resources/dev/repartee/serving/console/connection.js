const TOKEN = 'repartee.token';
const POLL_READY_MS = 15_000;
const POLL_TROUBLE_MS = 2000;

/** Shows how the service is, and says when suggestions may be asked for again. */
export class Connection {
  #client;
  #view;
  #recovered;
  #ready = false;
  #locked = false;
  #timer;

  /**
   * @param {import('./repartee-client.js').ReparteeClient} client
   * @param {{state, model, notice, access, token}} view the elements
   * @param {() => void} recovered called when the service answers again
   */
  constructor(client, view, recovered) {
    this.#client = client;
    this.#view = view;
    this.#recovered = recovered;
    client.token = sessionStorage.getItem(TOKEN);
    view.access.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#unlock(view.token.value.trim());
    });
  }

  /** Whether there is any use in asking for suggestions. */
  get ready() {
    return this.#ready;
  }

  /** Looks now, and again from time to time. */
  async watch() {
    try {
      const { ready } = await this.#client.readiness();
      if (ready) {
        this.#becomeReady();
      } else {
        this.#wait('Not ready', 'The service is not ready. Suggestions come by themselves once it is ready.');
      }
    } catch (error) {
      this.failed(error);
    }
    this.#watchIn(this.#ready ? POLL_READY_MS : POLL_TROUBLE_MS);
  }

  /** The service answered: whatever was wrong is over. */
  answered(model) {
    this.#show('ready', 'Ready', '');
    this.#view.model.textContent = `${model.name} ${model.version}`;
    this.#view.access.hidden = true;
    this.#locked = false;
    this.#ready = true;
  }

  /** The service refused, or was not reached. */
  failed(error) {
    if (error.status === 401) {
      this.#lock();
    } else if (error.status === 0 || error.status === 503) {
      // Found well by the next look, it is asked again.
      this.#wait(error.status === 0 ? 'Not reached' : 'Not ready', `${sentence(error.detail)} Trying again.`);
      this.#watchIn(POLL_TROUBLE_MS);
    } else if (error.status === 429) {
      this.#wait('Busy', 'The service is busy. Trying again.');
      this.#watchIn(error.retryAfterMs ?? POLL_TROUBLE_MS);
    } else {
      this.#show('waiting', 'Refused', sentence(error.detail));
    }
  }

  async #becomeReady() {
    if (this.#ready || this.#locked) {
      return;
    }
    this.#ready = true;
    try {
      this.answered(await this.#client.model());
      this.#recovered();
    } catch (error) {
      this.#ready = false;
      this.failed(error);
    }
  }

  #wait(label, notice) {
    this.#ready = false;
    if (!this.#locked) {
      this.#show('waiting', label, notice);
    }
  }

  #lock() {
    const refused = this.#client.token !== null;
    this.#locked = true;
    this.#ready = false;
    this.#show(
      'waiting',
      'Locked',
      refused ? 'The service does not accept this token.' : 'The service asks for an access token.',
    );
    this.#view.access.hidden = false;
  }

  #unlock(token) {
    this.#client.token = token;
    sessionStorage.setItem(TOKEN, token);
    this.#view.token.value = '';
    this.#locked = false;
    this.watch();
  }

  #watchIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.watch(), ms);
  }

  #show(state, label, notice) {
    this.#view.state.dataset.state = state;
    this.#view.state.textContent = label;
    // A text that stays is not announced again.
    if (this.#view.notice.textContent !== notice) {
      this.#view.notice.textContent = notice;
    }
  }
}

function sentence(detail) {
  const text = detail.charAt(0).toUpperCase() + detail.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
