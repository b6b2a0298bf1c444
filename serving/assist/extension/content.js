/**
 * Puts the element beside a desk's editor, and keeps it informed of the conversation. The page's
 * scripts can change everything in the DOM, so no address and no setting is read from it.
 */
import { ReparteeAssist } from './repartee-assist.js'; // pack-extension makes one script of both

(async () => {
  const config = await chrome.runtime.sendMessage({});
  if (!config) {
    return; // another port of the desk's host, or no longer set up
  }
  const inAddress = new RegExp(config.conversation);
  const assist = new ReparteeAssist();
  let known = '';

  assist.fetch = async (url, { headers, body, signal }) => {
    const path = url.pathname.slice(1);
    const conversation = headers['Repartee-Conversation'];
    const answer = await chrome.runtime.sendMessage({ path, body, conversation });
    signal?.throwIfAborted();
    if (!answer) {
      throw new TypeError('not reached');
    }
    const { status, retryAfter, text } = answer;
    const answered = retryAfter === null ? {} : { 'Retry-After': retryAfter };
    return new Response(text === '' ? null : text, { status, headers: answered });
  };

  function messages() {
    return Array.from(document.querySelectorAll(config.messages)).flatMap((message) => {
      const text = message.querySelector(config.text)?.innerText.trim();
      const agent = message.matches(config.agentMessage) || message.querySelector(config.agentMessage) !== null;
      return text ? [{ role: agent ? 'agent' : 'customer', text }] : [];
    });
  }

  function conversation() {
    return inAddress.exec(location.href)?.[1];
  }

  function set(name, value) {
    if (value) {
      assist.setAttribute(name, value);
    }
  }

  function look() {
    const place = document.querySelector(config.before);
    if (place === null) {
      return;
    }
    if (assist.nextElementSibling !== place) {
      // The scripts of an extension have no custom elements: what browsers call is called here.
      assist.disconnectedCallback();
      place.before(assist);
      assist.connectedCallback();
    }
    if (document.querySelector(config.editor) !== assist.field) {
      assist.field = null; // another one by the same selector
    }
    set('conversation', conversation());
    set('agent', config.agent && document.querySelector(config.agent)?.textContent.trim());
    const now = messages();
    if (JSON.stringify(now) !== known) {
      known = JSON.stringify(now);
      assist.messages = now;
    }
  }

  assist.setAttribute('for', config.editor);
  assist.setAttribute('send', config.send);
  assist.setAttribute('search', config.search);
  assist.toggleAttribute('guard-enter', config.enterSends);
  assist.toggleAttribute('check', Boolean(config.check));
  set('answers', config.answers);
  set('trigger', config.trigger);
  set('trigger-key', config.triggerKey);
  let timer;
  const soon = () => {
    clearTimeout(timer);
    // A key asks at once, and must not ask for the conversation before.
    timer = setTimeout(look, conversation() === (assist.getAttribute('conversation') ?? undefined) ? 100 : 0);
  };
  new MutationObserver(soon).observe(document.body, {
    childList: true,
    subtree: true,
    characterData: true,
    attributeFilter: ['class'],
  });
  look();
})();
