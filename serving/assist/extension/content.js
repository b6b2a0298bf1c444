/** Puts the element beside a desk's editor, and keeps it informed of the conversation. */
(async () => {
  const load = (file) => import(chrome.runtime.getURL(file));
  const [{ ReparteeAssist }, { default: config }] = await Promise.all([
    load('repartee-assist.js'),
    load('config.js'),
  ]);
  const assist = new ReparteeAssist();
  let known = '';

  assist.fetch = async (url, { method, body, signal }) => {
    const path = url.pathname.slice(new URL(config.url).pathname.length);
    const answer = await chrome.runtime.sendMessage({ path, method, body });
    signal?.throwIfAborted();
    if (!answer) {
      throw new TypeError('not reached');
    }
    const { status, retryAfter, text } = answer;
    const headers = retryAfter === null ? {} : { 'Retry-After': retryAfter };
    return new Response(text === '' ? null : text, { status, headers });
  };

  /** The scripts of an extension have no custom elements: what browsers call is called here. */
  function set(name, value) {
    const before = assist.getAttribute(name);
    if (before !== value && value !== undefined) {
      assist.setAttribute(name, value);
      assist.attributeChangedCallback(name, before, value);
    }
  }

  function messages() {
    return Array.from(document.querySelectorAll(config.messages)).flatMap((message) => {
      const text = message.querySelector(config.text)?.innerText.trim();
      const agent = message.matches(config.agentMessage) || message.querySelector(config.agentMessage) !== null;
      return text ? [{ role: agent ? 'agent' : 'customer', text }] : [];
    });
  }

  function look() {
    const place = document.querySelector(config.before);
    if (place === null) {
      return;
    }
    if (assist.nextElementSibling !== place) {
      assist.disconnectedCallback();
      place.before(assist);
      assist.connectedCallback();
    }
    set('conversation', config.conversation.exec(location.href)?.[1]);
    set('agent', document.querySelector(config.agent)?.textContent.trim() || undefined);
    const now = messages();
    if (JSON.stringify(now) !== known) {
      known = JSON.stringify(now);
      assist.messages = now;
    }
  }

  for (const [name, value] of Object.entries({
    for: config.editor,
    url: config.url,
    send: config.send,
    search: config.search,
  })) {
    assist.setAttribute(name, value);
  }
  assist.toggleAttribute('guard-enter', config.enterSends);
  let timer;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(look, 100);
  };
  new MutationObserver(soon).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
})();
