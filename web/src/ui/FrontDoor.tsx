import { Anchor, Box, Card, Center, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { ColourSchemeButton } from './ColourSchemeButton';
import { Logo } from './Logo';

/** Frame of the pages before signing in: one card in the middle. */
export function FrontDoor(props: { title: string; lead?: ReactNode; children: ReactNode; footer?: ReactNode }) {
  useDocumentTitle(`${props.title} · Event Manager`);
  return (
    <Box mih="100dvh" style={{ display: 'grid', gridTemplateRows: 'auto 1fr auto' }}>
      <Anchor className="skip-link" href="#main">
        Skip to content
      </Anchor>
      <Group component="header" justify="space-between" p="md">
        <Group gap={10}>
          <Logo />
          <Text fw={650}>Event Manager</Text>
        </Group>
        <ColourSchemeButton />
      </Group>
      <Center component="main" id="main" tabIndex={-1} p="md" pb={96}>
        <Stack w="100%" maw={420} gap="lg">
          <Stack gap={6}>
            <Title order={1} ta="center">
              {props.title}
            </Title>
            {props.lead !== undefined && (
              <Text c="dimmed" ta="center" size="sm" component="div">
                {props.lead}
              </Text>
            )}
          </Stack>
          <Card padding="xl" shadow="sm">
            {props.children}
          </Card>
          {props.footer !== undefined && (
            <Text size="sm" ta="center" component="div">
              {props.footer}
            </Text>
          )}
        </Stack>
      </Center>
    </Box>
  );
}
