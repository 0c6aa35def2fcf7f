import { IconBolt, IconCalendarEvent, IconGavel, IconHistory, IconHome, IconScale, IconSettings, IconUsers } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { MenuLink } from '../../ui/LinkButton';
import { may, type Me } from './queries';

const size = { size: 18, 'aria-hidden': true } as const;

/** Where one can go with the roles held here. */
export function MainMenu({ me, onFollow }: { me: Me; onFollow: () => void }) {
  // Contests and categories stand below events, whatever their address.
  const below = useRouterState({ select: ({ location }) => /^\/(contests|categories)\//.test(location.pathname) });
  const common = { onClick: onFollow, activeProps: { 'data-active': true, 'aria-current': 'page' } } as const;
  return (
    <>
      <MenuLink to="/" label="Home" leftSection={<IconHome {...size} />} activeOptions={{ exact: true }} {...common} />
      {may(me, 'marks:submit') && <MenuLink to="/judging" label="My judging" leftSection={<IconGavel {...size} />} {...common} />}
      {may(me, 'contests:read') && <MenuLink to="/events" label="Events" leftSection={<IconCalendarEvent {...size} />} active={below} {...common} />}
      {may(me, 'rules:read') && <MenuLink to="/rules" label="Rule library" leftSection={<IconScale {...size} />} {...common} />}
      {may(me, 'members:read') && <MenuLink to="/members" label="People" leftSection={<IconUsers {...size} />} {...common} />}
      {may(me, 'log:read') && <MenuLink to="/log" label="Event log" leftSection={<IconHistory {...size} />} {...common} />}
      {may(me, 'webhooks:manage') && <MenuLink to="/webhooks" label="Webhooks" leftSection={<IconBolt {...size} />} {...common} />}
      {may(me, 'tenant:edit') && <MenuLink to="/settings" label="Settings" leftSection={<IconSettings {...size} />} {...common} />}
    </>
  );
}
