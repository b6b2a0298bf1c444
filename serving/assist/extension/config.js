/**
 * Where the service is, and what a desk's page is made of. These selectors are those of Chatwoot.
 * The desk's own address, and the service's, stand in manifest.json too.
 */
export default {
  url: 'http://localhost:8080/',
  editor: '.reply-box .ProseMirror',
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
  /** An element whose text names the agent. */
  agent: '[data-agent-name]',
  /** The conversation's name in the page's address. */
  conversation: /conversations\/(\d+)/,
};
