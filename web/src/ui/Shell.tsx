import { AppShell, Burger, Group, Text, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef, type ReactNode } from 'react';
import { ColourSchemeButton } from './ColourSchemeButton';
import { Logo } from './Logo';

type Props = {
  /** Tenant's name, beside the mark. */
  name: string;
  /** Navigation entries; told how to close the drawer they stand in on a phone. */
  menu: (close: () => void) => ReactNode;
  tenant: ReactNode;
  /** What calls for attention, before the account. */
  bell: ReactNode;
  account: ReactNode;
  children: ReactNode;
};

/** The link that was followed may have gone with its page; then the reader goes on at the new content. */
function useFocusAfter(path: string) {
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true });
  }, [path]);
}

/** Frame of every signed-in page: side navigation (a drawer on phones), account menu, main region. */
export function Shell({ name, menu, tenant, bell, account, children }: Props) {
  const [opened, drawer] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  useFocusAfter(path);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 248, breakpoint: 'md', collapsed: { mobile: !opened } }}
      padding={{ base: 'md', md: 'xl' }}
    >
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" style={{ minWidth: 0 }}>
            <Burger opened={opened} onClick={drawer.toggle} hiddenFrom="md" size="sm" aria-label={opened ? 'Close navigation' : 'Open navigation'} />
            <UnstyledButton component={Link} to="/" style={{ minWidth: 0 }}>
              <Group gap={10} wrap="nowrap">
                <Logo />
                <Text fw={650} truncate>
                  {name}
                </Text>
              </Group>
            </UnstyledButton>
          </Group>
          <Group gap="xs" wrap="nowrap" style={{ flexShrink: 0 }}>
            {tenant}
            <ColourSchemeButton />
            {bell}
            {account}
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm" component="div">
        <nav aria-label="Main" style={{ overflowY: 'auto' }}>
          {menu(drawer.close)}
        </nav>
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <div style={{ maxWidth: 1120, marginInline: 'auto' }}>{children}</div>
      </AppShell.Main>
    </AppShell>
  );
}
