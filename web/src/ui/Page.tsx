import { Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

type Props = {
  title: string;
  /** Shown instead of the title, where the page greets rather than names. */
  heading?: string;
  /** Links from the top down, without the page itself. */
  crumbs?: readonly ReactNode[];
  subtitle?: ReactNode;
  badge?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

/** Frame of a page: document title, way up, one h1, actions, content. */
export function Page({ title, heading = title, crumbs = [], subtitle, badge, actions, children }: Props) {
  useDocumentTitle(`${title} · Event Manager`);
  return (
    <Stack gap="lg">
      <Stack gap={6}>
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumb">
            <Breadcrumbs separatorMargin={6} styles={{ root: { flexWrap: 'wrap' } }}>
              {crumbs}
              <Text size="sm" c="dimmed" component="span" aria-current="page">
                {title}
              </Text>
            </Breadcrumbs>
          </nav>
        )}
        <Group justify="space-between" align="flex-start" gap="md">
          <Stack gap={4} style={{ minWidth: 0 }}>
            <Group gap="sm" align="center">
              <Title order={1} style={{ overflowWrap: 'anywhere' }}>
                {heading}
              </Title>
              {badge}
            </Group>
            {subtitle !== undefined && (
              <Text c="dimmed" size="sm" component="div">
                {subtitle}
              </Text>
            )}
          </Stack>
          {actions !== undefined && <Group gap="xs">{actions}</Group>}
        </Group>
      </Stack>
      {children}
    </Stack>
  );
}

/** A titled part of a page. */
export function Section(props: { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  return (
    <Stack gap="sm" component="section" aria-label={props.title}>
      <Group justify="space-between" align="flex-end" gap="sm">
        <div>
          <Title order={2} size="h3">
            {props.title}
          </Title>
          {props.note !== undefined && (
            <Text size="sm" c="dimmed" component="div">
              {props.note}
            </Text>
          )}
        </div>
        {props.actions !== undefined && <Group gap="xs">{props.actions}</Group>}
      </Group>
      {props.children}
    </Stack>
  );
}
