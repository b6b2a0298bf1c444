/**
 * Where the service is, and what a desk's page is made of. The desk's own address, and the
 * service's, stand in manifest.json too. Selectors leave private notes out: they are no replies.
 */
const desks = {
  chatwoot: {
    editor: '.reply-box:not(.is-private) .ProseMirror',
    /** The element goes before this one. */
    before: '.reply-box .bottom-box',
    send: '.reply-box .right-wrap button',
    /** Whether Enter in the editor sends. */
    enterSends: true,
    /** Chatwoot opens its own list at a slash. */
    search: ';',
    messages: '[data-message-id]',
    text: '.prose, .text-content',
    /** Which messages are the agents'; the others are the customer's. */
    agentMessage: '.justify-end',
    /** An element whose text names the agent, if there is one. */
    agent: '[data-agent-name]',
    /** The conversation's name in the page's address. */
    conversation: /conversations\/(\d+)/,
  },

  /** Omnichannel conversations. What other agents wrote in one looks as the customer's does. */
  rocketChat: {
    editor: 'main .js-input-message',
    before: 'main [role=group]:has(.js-input-message)',
    send: 'main button:has(.rcx-icon--name-send)',
    enterSends: true,
    /** A slash begins Rocket.Chat's commands. */
    search: ';',
    /** Threads stand in an aside. */
    messages: 'main .rcx-message[data-own]:not(aside *)',
    text: '.rcx-message-body',
    agentMessage: '[data-own=true]',
    conversation: /\/live\/(\w+)/,
  },

  /** Tickets in the tab that is shown. Others stay in the page. */
  zammad: {
    editor: '.content.active .article-add:not(.is-internal) .articleNewEdit-body',
    before: '.content.active .article-add .textBubble-footer',
    send: '.content.active .js-submit',
    enterSends: false,
    search: '/',
    messages: '.content.active .ticket-article-item:not(.is-internal, .system)',
    text: '.richtext-content',
    agentMessage: '.ticket-article-item.agent',
    conversation: /ticket\/zoom\/(\d+)/,
  },
};

export default { url: 'http://localhost:8080/', ...desks.chatwoot };
