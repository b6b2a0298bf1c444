<?php

namespace Modules\Repartee\Providers;

/** Shows the page /apps/freescout of a Repartee service beside each conversation. */
class ReparteeServiceProvider extends \Illuminate\Support\ServiceProvider
{
    public function boot()
    {
        $this->mergeConfigFrom(__DIR__.'/../config.php', 'repartee');
        \Eventy::addFilter('javascripts', function ($scripts) {
            return array_merge($scripts, [\Module::getPublicPath('repartee').'/js/module.js']);
        });
        \Eventy::addAction('conversation.after_customer_sidebar', function ($conversation) {
            $messages = $conversation->getReplies()->reverse()->values()->map(function ($thread) { // without notes
                $role = $thread->type == \App\Thread::TYPE_CUSTOMER ? 'customer' : 'agent';
                return ['role' => $role, 'text' => \Helper::htmlToText($thread->body)];
            });
            $customer = $conversation->customer;
            $metadata = [
                'customer_name' => $customer ? $customer->getFullName() : null,
                'agent_name' => auth()->user()->getFullName(),
                'ticket_number' => (string) $conversation->number,
            ];
            $data = ['id' => $conversation->id, 'agent' => auth()->id(), 'metadata' => $metadata, 'messages' => $messages];
            echo '<iframe id="repartee" title="Repartee" style="width: 100%; height: 480px; border: 0" data-conversation="'
                .e(json_encode($data)).'" src="'.e(rtrim(config('repartee.url'), '/')).'/apps/freescout"></iframe>';
        });
    }
}
