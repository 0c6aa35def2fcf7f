import { Alert, Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconDownload, IconPrinter, IconTable } from '@tabler/icons-react';
import { basePath } from '../../../lib/base';
import { showDateTime } from '../../../lib/dates';
import { TextLink } from '../../../ui/LinkButton';
import { Section } from '../../../ui/Page';
import type { Result } from '../queries';
import { ResultLines } from './ResultLines';
import { Ties } from './Ties';

type Props = {
  result: Result;
  /** The category in which ties can be decided; null for a contest's result. */
  categoryId: string | null;
  mayDecide: boolean;
  mayReadMarks: boolean;
};

/** A computed result: places with explanations, ties, and what is needed to recompute it. */
export function ResultPanel({ result, categoryId, mayDecide, mayReadMarks }: Props) {
  const documents = `${basePath}/api/scoring/${categoryId === null ? 'contests' : 'categories'}/${result.id}/result-document`;
  return (
    <Stack gap="lg">
      {result.warnings.length > 0 && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="Please note">
          <List size="sm">
            {result.warnings.map((words) => (
              <List.Item key={words}>{words}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      <ResultLines lines={result.results} marksOf={mayReadMarks ? categoryId : null} />
      <Ties result={result} categoryId={categoryId} mayDecide={mayDecide} />
      <Section title="How it was computed" note="Anybody with the document can recompute every place, byte for byte.">
        <Stack gap={6}>
          <Text size="sm">
            {categoryId === null ? (
              result.ruleSetTitle
            ) : (
              <>
                Rule set{' '}
                <TextLink to="/categories/$categoryId/rules" params={{ categoryId }} inherit>
                  {result.ruleSetTitle}
                </TextLink>
              </>
            )}
            , computed {showDateTime(result.computedAt)}
          </Text>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            Hash <Code>{result.hash}</Code>
          </Text>
          <Group gap="xs">
            <Button component="a" href={documents} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
              Document to verify (JSON)
            </Button>
            <Button component="a" href={`${documents}?format=csv`} download variant="default" leftSection={<IconTable size={16} aria-hidden />}>
              Table (CSV)
            </Button>
            <Button component="a" href={`${documents}?format=html`} target="_blank" rel="noopener" variant="default" leftSection={<IconPrinter size={16} aria-hidden />}>
              Page to print
            </Button>
          </Group>
          <Text size="sm" c="dimmed">
            Check the document on any machine with <Code>event-manager verify-result FILE</Code>; no server is needed.
          </Text>
        </Stack>
      </Section>
    </Stack>
  );
}
