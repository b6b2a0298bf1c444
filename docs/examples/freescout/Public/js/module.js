// Between the frame and FreeScout's editor. The module's provider puts the conversation beside the frame.
const reparteeFrame = document.getElementById('repartee');
addEventListener('message', ({ source, origin, data }) => {
    if (source !== reparteeFrame?.contentWindow || origin !== new URL(reparteeFrame.src).origin) {
        return;
    }
    if (data.event === 'repartee-fetch') {
        source.postMessage({ event: 'repartee-conversation', conversation: JSON.parse(reparteeFrame.dataset.conversation) }, origin);
    } else if (data.event === 'repartee-insert' && !isNote()) {
        $('.conv-reply:first').click(); // opens the editor
        const written = $('#body').summernote('code');
        const reply = $('<div>').text(data.text)[0].outerHTML.replace(/\n/g, '<br>');
        setReplyBody((written === fs_body_default ? '' : written) + reply);
        source.postMessage({ event: 'repartee-inserted' }, origin);
    }
});
