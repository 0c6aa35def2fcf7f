import { Indicator } from '@mantine/core';
import { useDocumentVisibility } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { basePath } from '../../lib/base';
import { useLive } from '../../lib/live';
import { LinkButton } from '../../ui/LinkButton';
import { countQuery } from './queries';
import { bellLabel, shortCount } from './words';

/** How many notifications are not read, kept up to date while the page is looked at; leads to them. */
export function Bell() {
  const client = useQueryClient();
  const { data: unread = 0 } = useQuery(countQuery);
  // A page that nobody looks at keeps no connection: a browser has few for one server.
  const seen = useDocumentVisibility() === 'visible';
  useLive(seen ? `${basePath}/api/notifications/live` : null, ['changed'], () => void client.invalidateQueries({ queryKey: ['notifications'] }));
  return (
    <Indicator disabled={unread === 0} label={shortCount(unread)} size={16} offset={8} color="red.8">
      <LinkButton to="/notifications" variant="subtle" color="gray" w={36} h={36} p={0} aria-label={bellLabel(unread)}>
        <IconBell size={18} aria-hidden />
      </LinkButton>
    </Indicator>
  );
}
