import { Alert, Anchor, Button, Code, Group, List, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconDownload } from '@tabler/icons-react';
import { basePath } from '../../../lib/base';
import { showDateTime } from '../../../lib/dates';
import { TextLink } from '../../../ui/LinkButton';
import { Section } from '../../../ui/Page';
import type { Result } from '../queries';
import { ResultLines } from './ResultLines';
import { Ties } from './Ties';

type Props = {
  result: Result;
  /** The category whose result document can be had; null for a contest's result. */
  documentOf: string | null;
  mayDecide: boolean;
};

/** A computed result: places with explanations, ties, and what is needed to recompute it. */
export function ResultPanel({ result, documentOf, mayDecide }: Props) {
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
      <ResultLines lines={result.results} />
      <Ties result={result} categoryId={documentOf} mayDecide={mayDecide} />
      <Section title="How it was computed" note="Anybody with the document can recompute every place, byte for byte.">
        <Stack gap={6}>
          <Text size="sm">
            Rule set{' '}
            <TextLink to="/rules/$name" params={{ name: result.ruleSet }} inherit>
              {result.ruleSetTitle}
            </TextLink>
            , computed {showDateTime(result.computedAt)}
          </Text>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            Hash <Code>{result.hash}</Code>
          </Text>
          {documentOf !== null && (
            <Group>
              <Button component="a" href={`${basePath}/api/scoring/categories/${documentOf}/result-document`} download variant="default" leftSection={<IconDownload size={16} aria-hidden />}>
                Download the result document
              </Button>
              <Anchor href={`${basePath}/api/docs`} size="sm">
                Everything is in the API too
              </Anchor>
            </Group>
          )}
        </Stack>
      </Section>
    </Stack>
  );
}
