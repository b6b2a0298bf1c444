import { LightningElement, api } from 'lwc';

/** <repartee-assist>, in a frame: the compiler takes no class with private methods. What is put into the reply is an event `insert`. */
export default class ReparteeReply extends LightningElement {
    @api url; // of the service
    @api conversation; // { id, agent, metadata, messages }

    get page() {
        return new URL('apps/salesforce', this.url).href;
    }
    connectedCallback() {
        window.addEventListener('message', this.answer);
    }
    disconnectedCallback() {
        window.removeEventListener('message', this.answer);
    }
    answer = ({ source, origin, data }) => {
        if (source !== this.refs.frame.contentWindow || origin !== new URL(this.url).origin) {
            return;
        }
        if (data.event === 'repartee-fetch' && this.conversation) {
            // A copy: what another component gives is a proxy, which cannot be posted.
            const conversation = JSON.parse(JSON.stringify(this.conversation));
            source.postMessage({ event: 'repartee-conversation', conversation }, origin);
        } else if (data.event === 'repartee-insert') {
            this.dispatchEvent(new CustomEvent('insert', { detail: data.text }));
            source.postMessage({ event: 'repartee-inserted' }, origin);
        }
    };
}
