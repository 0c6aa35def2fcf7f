import { Alert } from '@mantine/core';
import { IconLockOff } from '@tabler/icons-react';
import type { Webhook } from '../queries';
import { Authentication } from './Authentication';
import { HeadersCard } from './HeadersCard';
import { CertificateCard } from './CertificateCard';
import { Secrets } from './Secrets';

/** How the receiver knows that a message is ours, and how we are let in there. Nothing of it is ever shown again. */
export function SecurityPage({ webhook }: { webhook: Webhook }) {
  return (
    <>
      {!webhook.authentication.readable && (
        <Alert color="red" icon={<IconLockOff aria-hidden />} title="What was kept here cannot be read any more">
          The installation has another secret key than when this was saved. Give the sign-in, headers and certificates again, and make a new secret.
        </Alert>
      )}
      {webhook.kind === 'http' && <Secrets webhook={webhook} />}
      <Authentication webhook={webhook} />
      {webhook.kind === 'http' && <HeadersCard key={webhook.version} webhook={webhook} />}
      <CertificateCard webhook={webhook} />
    </>
  );
}
