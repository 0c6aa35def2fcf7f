import { useState } from 'react';
import { Page } from '../../../ui/Page';
import { TextLink } from '../../../ui/LinkButton';
import type { EventPicker } from '../picker';
import type { EventKind, WebhookCreated } from '../queries';
import { Connected } from './Connected';
import { NewWebhookForm } from './NewWebhookForm';

const relayed = 'Events are published from now on. If the broker asks for a sign-in, give it on the page of the webhook.';
const remains: Readonly<Record<WebhookCreated['kind'], string>> = {
  http: 'Two things remain: keep the secret, and see a first event arrive.', feed: 'Your program can fetch from it now.', nats: relayed,
};

type Props = { kinds: readonly EventKind[]; Picker: EventPicker };

/** From an address to a first event in two minutes: where, what, then the secret and a test. */
export function NewWebhookPage({ kinds, Picker }: Props) {
  const [made, setMade] = useState<WebhookCreated | null>(null);
  // The form that was filled in is gone: what comes after it is read from its top.
  const show = (webhook: WebhookCreated) => {
    setMade(webhook);
    window.scrollTo({ top: 0 });
    document.getElementById('main')?.focus({ preventScroll: true });
  };
  return (
    <Page
      title={made === null ? 'New webhook' : `${made.name} is connected`} crumbs={[<TextLink key="all" to="/webhooks" size="sm">Webhooks</TextLink>]}
      subtitle={made === null ? 'Where to send, and what to tell. Everything else can be set later.' : remains[made.kind]}
    >
      {made === null ? <NewWebhookForm Picker={Picker} onMade={show} /> : <Connected webhook={made} kinds={kinds} />}
    </Page>
  );
}
