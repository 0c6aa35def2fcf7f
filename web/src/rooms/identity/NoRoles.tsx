import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { Me } from './queries';

/** For somebody who can do nothing here yet, or works on the installation only. */
export function NoRoles({ me }: { me: Me }) {
  const platform = me.user?.platformRole === 'SUPER_ADMIN';
  return (
    <Alert icon={<IconInfoCircle aria-hidden />} title={platform ? 'You run the installation' : 'You have no role here yet'}>
      {platform
        ? 'You look after organisations and the installation itself; the data of an organisation is for its own members.'
        : 'Ask an admin of your organisation for one. Until then there is nothing to see here.'}
    </Alert>
  );
}
